package dev.presage.testbed.quickstart;

import dev.presage.testbed.load.ClientSample;
import dev.presage.testbed.load.LoadListener;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Everything that the run has seen: clients' samples per arm, predictions against outcomes, picks per replica, model swaps.
 * Written by the load, the routers' listeners and the model watch; read by page, progress and report. Thread-safe; bounded by
 * the length of the run.
 */
final class Scoreboard implements LoadListener {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoClock;
    private final Map<Arm, List<TimedSample>> samples = new EnumMap<>(Arm.class);
    private final Map<Arm, Map<String, Integer>> picks = new EnumMap<>(Arm.class);
    private final List<PredictionPair> pairs = new ArrayList<>();
    private final List<ModelSwap> swaps = new ArrayList<>();
    private long startNanos;

    /** A client's sample and when it ended, in wall seconds since the start of the load. */
    record TimedSample(double endedAtSeconds, ClientSample sample) {}

    Scoreboard(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        for (Arm arm : Arm.values()) {
            samples.put(arm, new ArrayList<>());
            picks.put(arm, new TreeMap<>());
        }
    }

    /** The load starts now. */
    synchronized void started() {
        startNanos = nanoClock.getAsLong();
    }

    synchronized double elapsedSeconds() {
        return (nanoClock.getAsLong() - startNanos) / NANOS_PER_SECOND;
    }

    @Override
    public synchronized void ended(ClientSample sample) {
        for (Arm arm : Arm.values()) {
            if (arm.label().equals(sample.target())) {
                of(samples, arm).add(new TimedSample(elapsedSeconds(), sample));
            }
        }
    }

    synchronized void picked(Arm arm, String endpoint) {
        of(picks, arm).merge(endpoint, 1, Integer::sum);
    }

    synchronized void paired(PredictionPair pair) {
        pairs.add(pair);
    }

    synchronized void swapped(String bundleId) {
        swaps.add(new ModelSwap(elapsedSeconds(), bundleId));
    }

    synchronized List<TimedSample> samples(Arm arm) {
        return List.copyOf(of(samples, arm));
    }

    synchronized Map<String, Integer> picks(Arm arm) {
        return Map.copyOf(of(picks, arm));
    }

    synchronized List<PredictionPair> pairs() {
        return List.copyOf(pairs);
    }

    synchronized List<ModelSwap> swaps() {
        return List.copyOf(swaps);
    }

    synchronized int answered() {
        return samples.values().stream().mapToInt(List::size).sum();
    }

    synchronized long failed() {
        return samples.values().stream()
                .flatMap(List::stream)
                .filter(timed -> !timed.sample().ok())
                .count();
    }

    private static <T> T of(Map<Arm, T> map, Arm arm) {
        T value = map.get(arm);
        if (value == null) {
            throw new IllegalStateException("no entry for " + arm);
        }
        return value;
    }
}
