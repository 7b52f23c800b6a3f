package io.usagestream.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String origin;
    private final transient List<Problem> problems;

    /** @param origin the file's name, or what stands in for a file */
    ConfigurationException(String origin, List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.origin = origin;
        this.problems = List.copyOf(problems);
    }

    /** The file's name, or what stands in for a file. */
    public String origin() {
        return origin;
    }

    public List<Problem> problems() {
        return problems;
    }
}
