package io.usagestream.dev.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/** A node's data on disk: formatted once, with the cluster id that all nodes share. */
record NodeFolder(int id, Path path) {
    private static final String META = "meta.properties";
    /** Kafka leaves files alone that it does not know. */
    private static final String PORT = "usagestream.port";

    /** Formats the folders that are new; a folder with data keeps it, and gives the others its cluster id. */
    static void format(List<NodeFolder> folders) {
        String cluster = folders.stream()
                .map(NodeFolder::cluster)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> Uuid.randomUuid().toString());
        folders.stream().filter(folder -> folder.cluster().isEmpty()).forEach(folder -> folder.format(cluster));
    }

    /** The port of the last run, if there was one. */
    Optional<Integer> rememberedPort() {
        Path file = path.resolve(PORT);
        try {
            return Files.exists(file)
                    ? Optional.of(Integer.valueOf(Files.readString(file).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void rememberPort(int port) {
        try {
            Files.writeString(path.resolve(PORT), String.valueOf(port));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into the broker's folder " + path, e);
        }
    }

    private Optional<String> cluster() {
        Path meta = path.resolve(META);
        if (!Files.exists(meta)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(meta)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + meta, e);
        }
        return Optional.ofNullable(properties.getProperty("cluster.id"));
    }

    private void format(String cluster) {
        try {
            Files.createDirectories(path);
            new Formatter()
                    .setClusterId(cluster)
                    .setNodeId(id)
                    .setDirectories(List.of(path.toString()))
                    .setMetadataLogDirectory(Optional.of(path.toString()))
                    .setControllerListenerName(NodeProperties.CONTROLLER)
                    .setHasDynamicQuorum(false)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format the broker's folder " + path, e);
        }
    }
}
