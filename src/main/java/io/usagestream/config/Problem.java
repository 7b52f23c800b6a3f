package io.usagestream.config;

/**
 * One thing that is wrong, as a person reads it.
 *
 * @param line in the file, from 1; 0 where no line says it
 * @param path where: {@code sources[0].streams.costs.lookback}; empty for the file as a whole
 * @param message what is wrong and what would be right; holds no secret
 */
public record Problem(int line, String path, String message) {
    @Override
    public String toString() {
        return (line > 0 ? "line " + line + ": " : "") + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
