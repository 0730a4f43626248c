package dev.presage.store.service;

import dev.presage.cli.Presage;
import dev.presage.store.s3.MotoServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code presage store} in a process of its own. */
record StoreProcess(Process process, StoreClient client) implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    static StoreProcess start(Path directory, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", ""),
                Presage.class.getName(),
                "store",
                "--dir=" + directory));
        command.addAll(List.of(more));
        if (command.stream().noneMatch(argument -> argument.startsWith("--port="))) {
            command.add("--port=0");
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(MotoServer.CREDENTIALS);
        Process process = builder.start();
        BufferedReader log =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            int at = line.indexOf("serves at ");
            if (at >= 0) {
                URI base = URI.create(line.substring(at + "serves at ".length()).split("[, ]")[0]);
                Thread.ofVirtual().name("test-store-log").start(() -> drain(log));
                return new StoreProcess(process, new StoreClient(base, Optional.empty(), TIMEOUT));
            }
            seen.append(line).append('\n');
        }
        throw new IOException("the store did not start: " + seen);
    }

    /** A full pipe would stop the process. */
    private static void drain(BufferedReader log) {
        try {
            log.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // Killed.
        }
    }

    /** Kill -9, always: there is no other way to end in these tests. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        client.close();
    }
}
