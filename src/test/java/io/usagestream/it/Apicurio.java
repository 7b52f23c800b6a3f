package io.usagestream.it;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.awaitility.Awaitility;

/**
 * A real schema registry, as a process of its own on loopback: Apicurio, which speaks Confluent's API. It keeps everything in memory.
 * Downloaded once, by its coordinates and checksum, into the user's cache.
 */
final class Apicurio implements AutoCloseable {
    private static final String VERSION = "3.0.9";
    private static final String SHA_256 = "2b28181501a20cbf6efcd77f9b7153908fc01f3d3a7c32024c0bd9e1b04c8a43";
    private static final URI ARCHIVE = URI.create("https://repo1.maven.org/maven2/io/apicurio/apicurio-registry-app/"
            + VERSION + "/apicurio-registry-app-" + VERSION + "-all.tar.gz");
    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "usagestream");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;
    private final Process process;

    private Apicurio(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /** Starts on any free port. */
    static Apicurio start() {
        return start(freePort());
    }

    /** Starts on a port; skips the test loudly where it cannot be had, fails there where it must be. */
    static Apicurio start(int port) {
        Path folder = folder();
        try {
            Path log = Files.createTempFile(Files.createDirectories(Path.of("target")), "apicurio-", ".log");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-Dquarkus.http.host=127.0.0.1",
                            "-Dquarkus.http.port=" + port,
                            "-jar",
                            "apicurio-registry-app-" + VERSION + "-runner.jar")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            Apicurio registry = new Apicurio(port, process);
            Awaitility.await("the registry, see " + log).atMost(PATIENCE).until(registry::answers);
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** What is configured as {@code schema-registry.url}. */
    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7");
    }

    /** Sends JSON and gives the answer; anything but success is an error. */
    String send(String method, String path, String json) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                    .header("content-type", "application/vnd.schemaregistry.v1+json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json))
                    .build();
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(method + " " + path + ": " + response.statusCode() + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean answers() {
        try {
            send("GET", "/subjects", "");
            return true;
        } catch (UncheckedIOException | IllegalStateException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized Path folder() {
        Path folder = CACHE.resolve("apicurio-" + VERSION);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(CACHE);
            Path archive = Files.createTempFile(CACHE, "apicurio-", ".tar.gz");
            try (InputStream in = ARCHIVE.toURL().openStream()) {
                Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
            }
            requireChecksum(archive);
            Path unpacked = Files.createTempDirectory(CACHE, "apicurio-");
            int status = new ProcessBuilder("tar", "xzf", archive.toString(), "-C", unpacked.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException("tar ended with " + status);
            }
            Files.delete(archive);
            return Files.move(unpacked, folder);
        } catch (IOException e) {
            String message = "THE REAL SCHEMA REGISTRY IS NOT TESTED: " + ARCHIVE + " cannot be had: " + e;
            System.err.println(message);
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            return abort(message);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void requireChecksum(Path archive) throws IOException {
        try (InputStream in = Files.newInputStream(archive)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            in.transferTo(new java.security.DigestOutputStream(java.io.OutputStream.nullOutputStream(), sha));
            String found = HexFormat.of().formatHex(sha.digest());
            if (!SHA_256.equals(found)) {
                throw new IOException("its SHA-256 is " + found + ", not " + SHA_256);
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
