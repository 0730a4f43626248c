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

/**
 * Runs that are done, each a line of JSON in a file, so that a comparison of an hour may be stopped and gone on with. Whoever changes the
 * code removes the file. Thread-safe.
 */
final class LabRuns {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What tells one run from another. */
    record Key(String scenario, String policy, long seed) {}

    /** A run and how long it took. */
    record Kept(Key key, double seconds, PolicyResult result) {}

    private final Path file;
    private final Map<Key, Kept> done = new HashMap<>();

    /** Reads what is there; a line that is cut short is an error. */
    LabRuns(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                Kept kept = JSON.readValue(line, Kept.class);
                done.put(kept.key(), kept);
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
        try {
            Files.writeString(
                    file, JSON.writeValueAsString(kept) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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

    synchronized int count() {
        return done.size();
    }

    /** Of all runs together, each on one core. */
    synchronized double seconds() {
        return done.values().stream().mapToDouble(Kept::seconds).sum();
    }
}
