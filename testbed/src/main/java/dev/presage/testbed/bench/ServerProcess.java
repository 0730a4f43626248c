package dev.presage.testbed.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server under test in a JVM of its own. Its output goes to a file; the line in which it says
 * where it serves is waited for. Closing ends the process, and so does the end of this one.
 */
final class ServerProcess implements AutoCloseable {
    private static final Pattern SERVING = Pattern.compile("serving ext_proc on [^ ]*:(\\d+)");
    private static final Duration START = Duration.ofSeconds(60);
    /** A JVM that writes a cache of its classes does so at its end. */
    private static final Duration END = Duration.ofSeconds(60);

    private static final List<String> LAUNCHER_FLAGS = List.of(
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // The product's own, also where a test's configuration is on the class path: the port is read off the log.
            "-Dlogback.configurationFile=logback.xml");

    private final Process process;
    private final Path log;
    private final CompletableFuture<Matcher> serving = new CompletableFuture<>();
    private final Thread hook;
    private final Matcher ports;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Thread.ofVirtual().name("presage-bench-output").start(this::copyOutput);
        hook = Thread.ofPlatform().name("presage-bench-end").unstarted(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
        ports = awaitServing();
    }

    /** Starts {@code main} with the flags of the launcher and {@code jvmFlags}; returns when it serves. */
    static ServerProcess start(Path log, String classPath, List<String> jvmFlags, String main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(java(classPath, jvmFlags, main));
        command.addAll(arguments);
        return start(log, command);
    }

    /** Runs a command that says where it serves as the router does; returns when it serves. */
    static ServerProcess start(Path log, List<String> command) throws IOException {
        return new ServerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start(), log);
    }

    /** The command that runs {@code main} of this build. */
    static List<String> java(List<String> jvmFlags, String main) {
        return java(System.getProperty("java.class.path"), jvmFlags, main);
    }

    private static List<String> java(String classPath, List<String> jvmFlags, String main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LAUNCHER_FLAGS);
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", classPath, main));
        return List.copyOf(command);
    }

    private void copyOutput() {
        try (BufferedReader lines = process.inputReader();
                Writer file = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                file.write(line + "\n");
                file.flush();
                Matcher said = SERVING.matcher(line);
                if (said.find()) {
                    serving.complete(said);
                }
            }
        } catch (IOException e) {
            serving.completeExceptionally(e);
        }
        serving.completeExceptionally(new IOException("the process ended"));
    }

    private Matcher awaitServing() {
        try {
            return serving.get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("the server did not start, see " + log + ":\n" + said(), e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server started", e);
        }
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "(no output)";
        }
    }

    int processorPort() {
        return Integer.parseInt(ports.group(1));
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException alreadyEnding) {
            process.destroyForcibly();
        }
    }
}
