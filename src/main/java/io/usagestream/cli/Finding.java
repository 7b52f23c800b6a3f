package io.usagestream.cli;

/**
 * One thing that was looked at before a start.
 *
 * @param path of the setting that it depends on
 */
record Finding(Severity severity, String path, String message) {
    /** What it means for a start. */
    enum Severity {
        /** As it should be. */
        FINE("ok     "),
        /** The service starts all the same. */
        WARNING("warning"),
        /** It would not start, or could not read. */
        WRONG("wrong  ");

        private final String word;

        Severity(String word) {
            this.word = word;
        }
    }

    static Finding fine(String path, String message) {
        return new Finding(Severity.FINE, path, message);
    }

    static Finding warning(String path, String message) {
        return new Finding(Severity.WARNING, path, message);
    }

    static Finding wrong(String path, String message) {
        return new Finding(Severity.WRONG, path, message);
    }

    @Override
    public String toString() {
        return severity.word + "  " + path + ": " + message;
    }
}
