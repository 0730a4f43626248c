package dev.presage.router.epp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real {@code presage epp} with one endpoint, a child of the test; what it logs is read line by line. */
final class RouterProcess implements AutoCloseable {
    private static final Pattern PORTS =
            Pattern.compile("serving ext_proc on 127\\.0\\.0\\.1:(\\d+) .* health on (\\d+)");
    private static final String END = "end of log";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final StringBuilder seen = new StringBuilder();
    private int processorPort;
    private int healthPort;

    private RouterProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /** Serves with a drain of two seconds when it returns. */
    static RouterProcess start(Path dir, int endpointPort) throws Exception {
        return start(dir, endpointPort, "2s");
    }

    /** The same with another drain. */
    static RouterProcess start(Path dir, int endpointPort, String drain) throws Exception {
        Path endpoints = Files.writeString(
                dir.resolve("endpoints.yaml"),
                "endpoints: [{name: a, address: 127.0.0.1, port: " + endpointPort + "}]");
        RouterProcess router = new RouterProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dlogback.configurationFile=logback.xml", // not the tests', which says nothing
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.presage.cli.Presage",
                        "epp",
                        "--bind-address=127.0.0.1",
                        "--grpc-port=0",
                        "--grpc-health-port=0",
                        "--metrics-port=0",
                        "--secure-serving=false",
                        "--drain-timeout=" + drain,
                        "--endpoints-file=" + endpoints,
                        "--data-dir=" + dir)
                .redirectErrorStream(true)
                .start());
        try {
            Matcher ports = router.untilLogged(PORTS);
            router.processorPort = Integer.parseInt(ports.group(1));
            router.healthPort = Integer.parseInt(ports.group(2));
            return router;
        } catch (AssertionError | InterruptedException e) {
            router.close();
            throw e;
        }
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines::add);
        } catch (IOException e) {
            lines.add(e.toString());
        } finally {
            lines.add(END);
        }
    }

    int processorPort() {
        return processorPort;
    }

    int healthPort() {
        return healthPort;
    }

    /** SIGTERM. The process's own {@code destroy} would close its log too. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** The drain is over, no new streams are taken. */
    void untilStopping() throws InterruptedException {
        untilLogged(Pattern.compile("stopping, open streams have"));
    }

    boolean ended() throws InterruptedException {
        return process.waitFor(60, TimeUnit.SECONDS);
    }

    private Matcher untilLogged(Pattern wanted) throws InterruptedException {
        while (true) {
            String line = lines.poll(60, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError(wanted + " not in\n" + seen);
            }
            seen.append(line).append('\n');
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
