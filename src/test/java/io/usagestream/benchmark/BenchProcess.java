package io.usagestream.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A JVM of this class path that is measured or that serves one which is; it ends with this one. */
final class BenchProcess implements AutoCloseable {
    /** The Java of every process: {@code -Dbench.java=…} for another than this one's. */
    private static final String JAVA = System.getProperty("bench.java", System.getProperty("java.home"));

    private final Process process;
    private final Path output;
    private final long started = System.nanoTime();

    private BenchProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** @param jvm options of the JVM */
    static BenchProcess start(Path folder, String name, List<String> jvm, String mainClass, List<String> arguments) {
        Path output = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(JAVA, "bin", "java").toString());
        command.addAll(jvm);
        command.add("-Djava.net.preferIPv4Stack=true");
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        try {
            return new BenchProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When it was started, as {@link System#nanoTime} counts. */
    long started() {
        return started;
    }

    boolean alive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Ends it as an operator would. */
    void terminate() {
        process.destroy();
        process.onExit().join();
    }

    /** CPU time that it has used, of all its threads. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What follows that beginning in the first line which has it. */
    String printed(String beginning) {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() - deadline < 0 && alive()) {
            var found =
                    lines().stream().filter(line -> line.startsWith(beginning)).findFirst();
            if (found.isPresent()) {
                return found.get().substring(beginning.length());
            }
            sleep(20);
        }
        throw new IllegalStateException("not printed: " + beginning + ", see " + output);
    }

    List<String> lines() {
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public String toString() {
        return output.toString();
    }
}
