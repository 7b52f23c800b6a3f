package io.usagestream.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A credential in a file: read again when the file changes, before the next request at the latest, and after upstream refused it.
 *
 * <p>One thread of its own looks after all files, so that an event loop only ever reads a field. It looks rather than being told:
 * a mounted Kubernetes secret is changed by swapping a symbolic link two levels up, which file watchers do not see. A file that is
 * missing, empty or unreadable keeps the old value.
 */
public final class SecretFile {
    /** How often a file is looked at. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);
    private static final int MAX_BYTES = 64 * 1024;

    /** The longest that a request waits for a look at the file: a file system that hangs must not stop the feed. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** Looks that may wait for such a file system. */
    private static final int MAX_WAITING = 16;

    private static final ScheduledExecutorService LOOKER = looker();

    private final Path path;
    private @Nullable Stamp stamp;
    private final AtomicInteger waiting = new AtomicInteger();
    private boolean warned;
    private volatile String value;

    /** What tells one state of a file from another. */
    private record Stamp(Optional<Object> file, FileTime modified, long size) {}

    private SecretFile(Path path, String value) {
        this.path = path;
        this.value = value;
    }

    /**
     * The credential in that file. Blocks: for the start, not for an event loop.
     *
     * @throws IOException when it cannot be read now, or is empty
     */
    public static Secret open(Path path) throws IOException {
        SecretFile file = new SecretFile(path, read(path));
        file.stamp = stamp(path);
        LOOKER.scheduleWithFixedDelay(file::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return Secret.of(() -> file.value, () -> LOOKER.execute(file::readAgain), file::lookSoon);
    }

    private CompletionStage<Void> lookSoon() {
        if (waiting.get() >= MAX_WAITING) {
            return CompletableFuture.completedFuture(null);
        }
        waiting.incrementAndGet();
        return CompletableFuture.runAsync(this::look, LOOKER)
                .whenComplete((done, failure) -> waiting.decrementAndGet())
                .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Stamp now = stamp(path);
            if (!now.equals(stamp)) {
                readAgain();
            }
        } catch (IOException | RuntimeException e) {
            warn(e);
        }
    }

    /** Only ever on the one thread. */
    private void readAgain() {
        try {
            Stamp now = stamp(path);
            String read = read(path);
            stamp = now;
            warned = false;
            if (!read.equals(value)) {
                value = read;
                LOG.atInfo().addKeyValue("file", path).log("a credential was read again: it has changed");
            }
        } catch (IOException | RuntimeException e) {
            warn(e);
        }
    }

    /** Says once that the old value stays in use. */
    private void warn(Exception cause) {
        if (!warned) {
            warned = true;
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("cause", cause.getClass().getSimpleName())
                    .log("a credential's file is missing, empty or unreadable; its last value stays in use");
        }
    }

    private static Stamp stamp(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(Optional.ofNullable(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size());
    }

    private static String read(Path path) throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException("longer than any credential");
        }
        String text = Files.readString(path, StandardCharsets.UTF_8).stripTrailing();
        if (text.isEmpty()) {
            throw new IOException("empty");
        }
        return text;
    }

    private static ScheduledExecutorService looker() {
        ScheduledThreadPoolExecutor looker = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "secret-files");
            thread.setDaemon(true);
            return thread;
        });
        looker.setRemoveOnCancelPolicy(true);
        return looker;
    }
}
