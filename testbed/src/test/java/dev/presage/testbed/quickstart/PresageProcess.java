package dev.presage.testbed.quickstart;

import dev.presage.cli.Presage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Presage subcommand in a process of its own, which can be killed and started again. Its log is a file. */
final class PresageProcess implements AutoCloseable {
    private final List<String> arguments;
    private final Path log;
    private Process process;

    private PresageProcess(Path logs, List<String> arguments) {
        this.arguments = arguments;
        this.log = logs.resolve(arguments.getFirst() + ".log");
        this.process = launch();
    }

    static PresageProcess start(Path logs, String... arguments) {
        return new PresageProcess(logs, List.of(arguments));
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Presage.class.getName()));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL: no chance to tidy up. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and the end that follows. */
    void terminate() throws InterruptedException {
        process.toHandle().destroy();
        process.waitFor();
    }

    void startAgain() {
        process = launch();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
