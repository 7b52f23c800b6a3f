package io.usagestream.config;

import io.usagestream.source.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads credentials: {@code NAME}, or {@code NAME-file} with a path from the configuration's folder. No message here holds a
 * value.
 */
record SecretReader(Path folder, Function<Path, Secret> files) {
    /** The credential, or a problem: it is missing, there twice, or no credential. */
    Optional<Secret> required(Section section, String name) {
        Optional<Secret> file = file(section, name + "-file");
        if (!section.has(name)) {
            if (!section.has(name + "-file")) {
                section.problem(name, "is missing: set " + name + " or " + name + "-file");
            }
            return file;
        }
        if (section.has(name + "-file")) {
            section.problem(name, "is set, and " + name + "-file too: set one of them");
            return Optional.empty();
        }
        return section.text(name).map(String::strip).flatMap(value -> {
            if (value.isEmpty()) {
                section.problem(name, "is empty");
                return Optional.empty();
            }
            if (!printable(value)) {
                section.problem(
                        name, "holds characters that a credential never has (spaces, control characters, non-ASCII)");
                return Optional.empty();
            }
            return Optional.of(Secret.of(value));
        });
    }

    /** The credential in the file that a key names; empty when the key is absent or empty. */
    Optional<Secret> file(Section section, String key) {
        Optional<String> name = section.text(key).filter(text -> !text.isBlank());
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path file = folder.resolve(name.get().strip());
            Optional<String> problem = problem(file);
            problem.ifPresent(what -> section.problem(key, file + " " + what));
            return problem.isPresent() ? Optional.empty() : Optional.of(files.apply(file));
        } catch (InvalidPathException e) {
            section.problem(key, "is not a path");
            return Optional.empty();
        }
    }

    private static Optional<String> problem(Path file) {
        if (!Files.exists(file)) {
            return Optional.of("does not exist");
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of("is not a file");
        }
        try {
            String value = Files.readString(file).strip();
            if (value.isEmpty()) {
                return Optional.of("is empty");
            }
            return printable(value) ? Optional.empty() : Optional.of("does not hold one credential on one line");
        } catch (IOException e) {
            return Optional.of("cannot be read");
        }
    }

    private static boolean printable(String value) {
        return value.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
