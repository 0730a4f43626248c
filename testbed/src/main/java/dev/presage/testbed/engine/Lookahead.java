package dev.presage.testbed.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs the scheduler's rules ahead on counters instead of blocks, until a hypothetical request's first token. It is
 * exact as long as the blocks that are free now suffice; when they might not (then pre-emption or a blocked queue may
 * follow), or when adapters are in play, it refuses and the caller steps a copy of the engine.
 *
 * <p>Which blocks each admitted request finds is followed exactly: contents of now, minus what the lookahead evicts,
 * plus what it fills ({@link VirtualPool}). Memory is bounded by the requests in the engine. Not thread-safe.
 */
final class Lookahead {
    private EngineProfile profile;
    private final Scheduler scheduler;
    private final VirtualPool pool;
    private final StepCost cost = new StepCost();
    private final List<VirtualSequence> spare = new ArrayList<>();
    private final List<VirtualSequence> running = new ArrayList<>();
    private final List<VirtualSequence> waiting = new ArrayList<>();
    // Sequences that fill blocks during the lookahead; they outlive their end as their blocks do.
    private final List<VirtualSequence> filling = new ArrayList<>();
    private int used;
    private int admitted;
    private long refusals;

    Lookahead(EngineProfile profile, Scheduler scheduler) {
        this.profile = profile;
        this.scheduler = scheduler;
        pool = new VirtualPool(scheduler.pool);
    }

    /** The engine's speed has changed. */
    void use(EngineProfile next) {
        profile = next;
    }

    /** Refusals since the engine was made. */
    long refusals() {
        return refusals;
    }

    /**
     * When the request's first token is out if the next step starts at {@code startMs}, the request is last in the queue
     * and nothing else comes; NaN when only a copy of the engine can tell.
     */
    double firstTokenAt(SimRequest request, double startMs) {
        if (scheduler.adapters.seen() || !request.adapter().isEmpty()) {
            refusals++;
            return Double.NaN;
        }
        VirtualSequence asked = takeOver(request);
        double now = startMs;
        while (true) {
            cost.clear();
            if (!scheduleRunning() || !scheduleWaiting()) {
                refusals++;
                return Double.NaN;
            }
            now += cost.ms(profile);
            if (settle(asked)) {
                return now;
            }
        }
    }

    private VirtualSequence takeOver(SimRequest request) {
        pool.start();
        running.clear();
        waiting.clear();
        filling.clear();
        used = 0;
        admitted = 0;
        for (Sequence sequence : scheduler.running) {
            VirtualSequence virtual = next();
            virtual.take(sequence);
            if (virtual.left > 0 && !sequence.aborted()) {
                running.add(virtual);
                if (virtual.computed < virtual.prefillEnd) {
                    filling.add(virtual);
                }
            }
        }
        for (Sequence sequence : scheduler.waiting) {
            VirtualSequence virtual = next();
            virtual.take(sequence);
            waiting.add(virtual);
        }
        VirtualSequence asked = next();
        asked.take(request);
        waiting.add(asked);
        return asked;
    }

    private VirtualSequence next() {
        if (used == spare.size()) {
            spare.add(new VirtualSequence());
        }
        return spare.get(used++);
    }

    private boolean scheduleRunning() {
        int budget = scheduler.limits.stepTokens();
        for (int i = 0; i < running.size() && cost.tokens() < budget; i++) {
            VirtualSequence sequence = running.get(i);
            int chunk = Math.min(sequence.tokens - sequence.computed, budget - cost.tokens());
            if (!compute(sequence, chunk)) {
                return false;
            }
        }
        return true;
    }

    private boolean scheduleWaiting() {
        SchedulerLimits limits = scheduler.limits;
        while (admitted < waiting.size()
                && running.size() < limits.runningSequences()
                && cost.tokens() < limits.stepTokens()) {
            VirtualSequence sequence = waiting.get(admitted++);
            sequence.admit(reuse(sequence));
            running.add(sequence);
            filling.add(sequence);
            int chunk = Math.min(sequence.tokens - sequence.computed, limits.stepTokens() - cost.tokens());
            if (!compute(sequence, chunk)) {
                return false;
            }
        }
        return true;
    }

    /** Finds and refers to the cached prefix; returns its length in blocks. */
    private int reuse(VirtualSequence sequence) {
        pool.walk();
        int most = (sequence.tokens - 1) / EngineProfile.BLOCK_TOKENS;
        int hits = 0;
        while (hits < most) {
            int shared = sharedUntil(sequence.request, hits, most);
            if (shared > hits) {
                hits = shared;
                continue;
            }
            int block = pool.find(sequence.request.blockHash(hits));
            if (block == LongIntMap.ABSENT) {
                return hits;
            }
            pool.retain(block);
            hits++;
        }
        return hits;
    }

    /** One past the run of blocks from {@code position} on that this lookahead has filled; 0 when it has not. */
    private int sharedUntil(SimRequest request, int position, int most) {
        int until = 0;
        for (int i = 0; i < filling.size(); i++) {
            VirtualSequence other = filling.get(i);
            if (other.firstFilled <= position && position < other.filled) {
                until = Math.max(until, other.sharedUntil(request, most));
            }
        }
        return until;
    }

    private boolean compute(VirtualSequence sequence, int chunk) {
        int missing = sequence.missingBlocks(sequence.computed + chunk);
        if (missing > pool.free()) {
            return false;
        }
        pool.allocate(missing);
        sequence.schedule(chunk, missing);
        cost.add(sequence.computed, chunk, sequence.prefillEnd);
        return true;
    }

    /** Ends the step; true when it emitted the first token of {@code asked}. */
    private boolean settle(VirtualSequence asked) {
        int kept = 0;
        for (int i = 0; i < running.size(); i++) {
            VirtualSequence sequence = running.get(i);
            boolean emitted = sequence.settle();
            if (emitted && sequence == asked) {
                return true;
            }
            if (sequence.left > 0) {
                running.set(kept++, sequence);
            }
        }
        running.subList(kept, running.size()).clear();
        return false;
    }
}
