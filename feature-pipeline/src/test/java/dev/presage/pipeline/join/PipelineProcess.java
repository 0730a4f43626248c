package dev.presage.pipeline.join;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code presage pipeline} in a process of its own, which can be killed without warning. */
final class PipelineProcess implements AutoCloseable {
    private final Process process;

    private PipelineProcess(Process process) {
        this.process = process;
    }

    static PipelineProcess start(String bootstrapServers, Path stateDirectory) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.presage.cli.Presage",
                "pipeline",
                "--bootstrap-servers",
                bootstrapServers,
                "--state-dir",
                stateDirectory.toString());
        try {
            return new PipelineProcess(builder.redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL: no flush, no commit, no goodbye to the group. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    /** SIGTERM. */
    @Override
    public void close() {
        process.destroy();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the pipeline did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
