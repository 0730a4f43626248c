package dev.presage.router.debug;

import dev.presage.router.metrics.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/**
 * {@code /debug/jfr?seconds=N}: a flight recording of the next N seconds, 1 to 60, one at a time and at most 64 MiB. What would show
 * secrets (environment, properties, command lines) is not recorded.
 */
public final class FlightPage implements Page {
    private static final int MAX_SECONDS = 60;
    private static final long MAX_BYTES = 64L << 20;
    private static final List<String> PRIVATE = List.of(
            "jdk.InitialEnvironmentVariable",
            "jdk.InitialSystemProperty",
            "jdk.JVMInformation",
            "jdk.SystemProcess",
            "jdk.ProcessStart");

    private final Semaphore one = new Semaphore(1);

    @Override
    public Answer get(Map<String, String> query) throws IOException, InterruptedException {
        int seconds;
        try {
            seconds = Integer.parseInt(query.getOrDefault("seconds", "10"));
        } catch (NumberFormatException e) {
            seconds = 0;
        }
        if (seconds < 1 || seconds > MAX_SECONDS) {
            return Answer.text(400, "seconds must be 1.." + MAX_SECONDS + "\n");
        }
        if (!one.tryAcquire()) {
            return Answer.text(409, "a recording is being made\n");
        }
        try {
            return new Answer(200, "application/octet-stream", record(Duration.ofSeconds(seconds)));
        } finally {
            one.release();
        }
    }

    private static byte[] record(Duration length) throws IOException, InterruptedException {
        Path file = Files.createTempFile("presage-", ".jfr");
        try (Recording recording = new Recording(Configuration.getConfiguration("profile"))) {
            PRIVATE.forEach(recording::disable);
            recording.setMaxSize(MAX_BYTES);
            recording.start();
            Thread.sleep(length);
            recording.stop();
            recording.dump(file);
            return Files.readAllBytes(file);
        } catch (ParseException e) {
            throw new IOException("this Java has no profile for recordings", e);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
