package dev.presage.router.discovery;

import dev.presage.router.slo.SloBook;
import dev.presage.router.slo.SloReading;
import dev.presage.router.yaml.InvalidDocumentException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The LatencySLOs of a file, put into the book again whenever its content changes. A file with any mistake, or with selectors
 * that conflict, changes nothing. {@link #close} ends its thread.
 */
public final class SloFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SloFile.class);
    /** Problems of one file that are told. */
    private static final int MAX_TOLD = 20;

    private final WatchedFile file;

    private SloFile(WatchedFile file) {
        this.file = file;
    }

    /**
     * Loads the file and starts to follow it.
     *
     * @throws InvalidDocumentException if the first content is not valid, naming everything that is wrong
     * @throws UncheckedIOException if it cannot be read
     */
    public static SloFile start(Path path, SloBook book, SloListener listener) {
        String name = path.toString();
        return new SloFile(WatchedFile.start(
                path,
                true,
                SloReading.MAX_CHARACTERS,
                "slo",
                bytes -> {
                    SloReading reading = SloReading.of(name, new String(bytes, StandardCharsets.UTF_8));
                    refuse(reading.problems());
                    refuse(book.replace(name, reading.slos()));
                    listener.slosLoaded(reading.slos().size());
                    LOG.info("{} SLOs from {}", reading.slos().size(), name);
                },
                reason -> {
                    LOG.warn("SLOs stay as they are: {}", reason);
                    listener.slosRejected(reason);
                }));
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            String told = String.join("; ", problems.subList(0, Math.min(MAX_TOLD, problems.size())));
            throw new InvalidDocumentException(
                    problems.size() > MAX_TOLD ? told + "; and " + (problems.size() - MAX_TOLD) + " more" : told);
        }
    }

    /** Stops watching; the SLOs stay in force. */
    @Override
    public void close() {
        file.close();
    }
}
