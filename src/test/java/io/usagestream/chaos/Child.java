package io.usagestream.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A JVM that this one started, on the same class path; what it prints goes into a file. It never outlives this one. */
public final class Child implements AutoCloseable {
    private static final Set<Child> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Child::kill)));
    }

    private final String name;
    private final Process process;
    private final Path output;
    private final long started = System.nanoTime();

    private Child(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /** @param heap the most that its heap may take, as in {@code 256m} */
    public static Child start(Path folder, String name, String heap, String mainClass, List<String> arguments) {
        Path output = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-Xss512k",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Djava.net.preferIPv4Stack=true",
                Leash.class.getName(),
                String.valueOf(ProcessHandle.current().pid()),
                mainClass));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            Child child = new Child(name, builder.start(), output);
            ALIVE.add(child);
            child.process.onExit().thenRun(() -> ALIVE.remove(child));
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** When it was started, as {@link System#nanoTime} counts. */
    long started() {
        return started;
    }

    /** {@code kill -9}; a stopped process too. */
    public void kill() {
        try {
            // not onExit(): where process ids have come round, it would wait for whoever has this one now
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@code SIGSTOP}: it stands still and knows nothing of it. */
    void stop() {
        signal("STOP");
    }

    /** {@code SIGCONT}: it goes on where it stood, as if no time had passed. */
    void goOn() {
        signal("CONT");
    }

    /** {@code SIGTERM}: it is asked to end. */
    public void terminate() {
        signal("TERM");
    }

    /** {@code SIGQUIT}: a JVM prints what its threads are at, and goes on. */
    public void printThreads() {
        signal("QUIT");
    }

    /** How it ended; empty when it is still there after that time. */
    public OptionalInt exit(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** What follows that beginning in the first line which has it. */
    String printed(String beginning, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - deadline < 0 && process.isAlive()) {
            for (String line : lines()) {
                if (line.startsWith(beginning)) {
                    return line.substring(beginning.length());
                }
            }
            Pause.millis(30);
        }
        throw new IllegalStateException(name + " did not print '" + beginning + "': " + lines());
    }

    /** Whether it has printed that. */
    public boolean says(String what) {
        return lines().stream().anyMatch(line -> line.contains(what));
    }

    /** Everything that it has printed. */
    public List<String> lines() {
        try {
            return new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, String.valueOf(pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
