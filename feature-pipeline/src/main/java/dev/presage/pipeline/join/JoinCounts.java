package dev.presage.pipeline.join;

import dev.presage.pipeline.proto.Sample;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts what a join does since it was started. Thread-safe. */
public final class JoinCounts implements JoinListener {
    private final LongAdder samples = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Map<DropCause, LongAdder> drops = new EnumMap<>(DropCause.class);

    public JoinCounts() {
        for (DropCause cause : DropCause.values()) {
            drops.put(cause, new LongAdder());
        }
    }

    @Override
    public void onSample(Sample sample) {
        samples.increment();
    }

    @Override
    public void onDrop(DropCause cause) {
        adder(cause).increment();
    }

    @Override
    public void onFailure(Throwable failure) {
        failures.increment();
    }

    public long samples() {
        return samples.sum();
    }

    public long drops(DropCause cause) {
        return adder(cause).sum();
    }

    /** How often processing broke off. */
    public long failures() {
        return failures.sum();
    }

    /** One line for a log: samples, then every cause that occurred. */
    @Override
    public String toString() {
        return drops.entrySet().stream()
                .filter(entry -> entry.getValue().sum() > 0)
                .map(entry -> ", " + entry.getKey().key() + " " + entry.getValue())
                .collect(Collectors.joining("", "samples " + samples, ""));
    }

    private LongAdder adder(DropCause cause) {
        LongAdder adder = drops.get(cause);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + cause);
        }
        return adder;
    }
}
