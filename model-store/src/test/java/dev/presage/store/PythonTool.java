package dev.presage.store;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Programs from Python packages, beside the interpreter {@code PRESAGE_PYTHON} or in {@code ~/.cache/presage/python}, where {@code .ci/run} puts
 * them; without them a test is skipped.
 */
public final class PythonTool {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(90);

    private PythonTool() {}

    /** The program, or the test is skipped. */
    public static Path find(String name) {
        String given = System.getenv("PRESAGE_PYTHON");
        Path bin = given == null
                ? Path.of(System.getProperty("user.home"), ".cache/presage/python/bin")
                : Path.of(given).toAbsolutePath().getParent();
        Path tool = bin.resolve(name);
        assumeTrue(Files.isExecutable(tool), "no " + tool + ": .ci/run installs it");
        return tool;
    }

    /** A server that listens on {@code port}; closing ends it and what it started. */
    public record Server(Process process, URI base) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /** Starts it and waits until it answers at the path. */
    public static Server serve(String name, List<String> arguments, Map<String, String> environment, int port, Path log)
            throws Exception {
        ProcessBuilder builder = builder(name, arguments, log);
        builder.environment().putAll(environment);
        Server server = new Server(builder.start(), URI.create("http://127.0.0.1:" + port));
        try (HttpClient http = HttpClient.newHttpClient()) {
            long start = System.nanoTime();
            while (!answers(http, server.base())) {
                if (!server.process().isAlive() || System.nanoTime() - start > START_NANOS) {
                    server.close();
                    throw new IOException(name + " did not start: " + Files.readString(log));
                }
                LockSupport.parkNanos(50_000_000);
            }
        }
        return server;
    }

    /** Runs it to its end and gives its exit code; what it says goes to the log. */
    public static int run(String name, List<String> arguments, Path log) throws Exception {
        Process process = builder(name, arguments, log).start();
        try {
            assertTrue(process.waitFor(5, TimeUnit.MINUTES), name + " did not end");
            return process.exitValue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static ProcessBuilder builder(String name, List<String> arguments, Path log) {
        Path tool = find(name);
        List<String> command = new ArrayList<>(List.of(tool.toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.directory(log.toAbsolutePath().getParent().toFile());
        builder.environment().merge("PATH", tool.getParent() + ":", (known, own) -> own + known);
        return builder;
    }

    private static boolean answers(HttpClient http, URI base) throws InterruptedException {
        try {
            return http.send(HttpRequest.newBuilder(base.resolve("/")).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    < 500;
        } catch (IOException e) {
            return false;
        }
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
