package dev.presage.testbed.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs that are done, each a line of JSON in a file, so that a comparison of an hour may be stopped and gone on with. Only those of the same
 * code count: a mean over the seeds of two builds is the figure of neither. Thread-safe.
 */
final class LabRuns {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What tells one run from another. */
    record Key(String scenario, String policy, long seed) {}

    /** A run and how long it took. */
    record Kept(Key key, double seconds, PolicyResult result) {}

    /** A line of the file; what names no code was made by another. */
    private record Line(@Nullable String code, Key key, double seconds, PolicyResult result) {}

    private final Path file;
    private final String code;
    private final Map<Key, Kept> done = new HashMap<>();

    private int passedOver;

    /** Reads what {@code code} made, see {@link CodeDigest}; a line that is cut short is an error. */
    LabRuns(Path file, String code) throws IOException {
        this.file = file;
        this.code = code;
        if (Files.exists(file)) {
            for (String text : Files.readAllLines(file)) {
                Line line = JSON.readValue(text, Line.class);
                if (code.equals(line.code())) {
                    done.put(line.key(), new Kept(line.key(), line.seconds(), line.result()));
                } else {
                    passedOver++;
                }
            }
        } else if (file.toAbsolutePath().getParent() instanceof Path folder) {
            Files.createDirectories(folder);
        }
    }

    synchronized boolean has(Key key) {
        return done.containsKey(key);
    }

    synchronized void keep(Kept kept) {
        done.put(kept.key(), kept);
        Line line = new Line(code, kept.key(), kept.seconds(), kept.result());
        try {
            Files.writeString(
                    file, JSON.writeValueAsString(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep runs in " + file, e);
        }
    }

    /** Of one scenario and policy, by seed from 1 on as far as they were run. */
    synchronized List<PolicyResult> of(Scenario scenario, String policy) {
        List<PolicyResult> results = new ArrayList<>();
        for (long seed = 1; done.get(new Key(scenario.name(), policy, seed)) instanceof Kept kept; seed++) {
            results.add(kept.result());
        }
        return results;
    }

    /** Runs in the file that other code made. */
    int passedOver() {
        return passedOver;
    }

    synchronized int count() {
        return done.size();
    }

    /** Of all runs together, each on one core. */
    synchronized double seconds() {
        return done.values().stream().mapToDouble(Kept::seconds).sum();
    }
}
