package io.usagestream.cli;

import java.util.List;

/**
 * Commands that come with a jar of their own, found by {@link java.util.ServiceLoader}: those for development are not in the
 * image.
 */
public interface CommandSet {
    /** Objects that picocli knows as commands. */
    List<Object> commands();
}
