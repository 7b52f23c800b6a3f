package io.usagestream.container;

import io.usagestream.cli.ConfigOption;
import io.usagestream.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A configuration in a file that another user, the image's, may read. */
final class ConfigurationFile {
    private ConfigurationFile() {}

    static Path written(Path folder, String text) throws IOException {
        Path file = Files.createTempFile(folder, "usagestream", ".yaml");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    static Settings read(Path folder, String text) throws IOException {
        return ConfigOption.read(written(folder, text));
    }
}
