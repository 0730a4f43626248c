package dev.presage.testbed.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A simulated inference engine without a clock: whoever drives it (the policy lab in virtual time, the HTTP server in
 * real time) says what time it is, in milliseconds from any origin.
 *
 * <pre>{@code
 * engine.submit(request, now);
 * while (!engine.idle()) {
 *     StepResult step = engine.step(now);   // ends the step before and starts the next one
 *     now = step.endMs();                   // its tokens are out at this time
 * }
 * }</pre>
 *
 * <p>Requests that arrive during a step are seen by the next one. Times must not go backwards. One thread at a time;
 * memory is bounded by the KV blocks and the requests in the engine.
 */
public final class Engine {
    private EngineProfile profile;
    private final Scheduler scheduler;
    private final Lookahead lookahead;
    private boolean stepping;
    private double stepEndMs = Double.NEGATIVE_INFINITY;

    /** An empty engine with vLLM's default limits. */
    public Engine(EngineProfile profile) {
        this(profile, SchedulerLimits.DEFAULT);
    }

    /** An empty engine. */
    public Engine(EngineProfile profile, SchedulerLimits limits) {
        this(profile, limits, AdapterLimits.DEFAULT);
    }

    /** An empty engine that serves LoRA adapters within these limits. */
    public Engine(EngineProfile profile, SchedulerLimits limits, AdapterLimits adapters) {
        this(profile, new Scheduler(limits, new BlockPool(profile.kvBlocks()), new AdapterSlots(adapters)));
    }

    private Engine(EngineProfile profile, Scheduler scheduler) {
        this.profile = profile;
        this.scheduler = scheduler;
        lookahead = new Lookahead(profile, scheduler);
    }

    public EngineProfile profile() {
        return profile;
    }

    /** From the next step on the engine computes {@code factor} times slower than it does now. */
    public void slowDown(double factor) {
        profile = profile.slower(factor);
        lookahead.use(profile);
    }

    /** Whether the KV cache can hold the request at its longest; {@link #submit} takes no other. */
    public boolean fits(SimRequest request) {
        return request.maxBlocks() <= scheduler.pool.size();
    }

    /** Puts a request at the end of the waiting queue; a request that does not fit is an IllegalArgumentException. */
    public void submit(SimRequest request, double nowMs) {
        checkTime(nowMs);
        if (!fits(request)) {
            throw new IllegalArgumentException(request + " needs " + request.maxBlocks() + " KV blocks, "
                    + profile.name() + " has " + scheduler.pool.size());
        }
        scheduler.adapters.submitted(request);
        scheduler.waiting.addLast(new Sequence(request));
    }

    /**
     * The prompt's KV cache comes from another engine: its full blocks lie in the cache from now on, as far as there are free ones.
     */
    public void receive(SimRequest request) {
        scheduler.receive(request);
    }

    /**
     * Ends the step under way, if any, and starts the next one.
     *
     * @param nowMs not before the end of the step under way
     * @return what the new step does; it lasts 0 ms when there is nothing to do
     */
    public StepResult step(double nowMs) {
        checkTime(nowMs);
        if (stepping && nowMs < stepEndMs) {
            throw new IllegalArgumentException("the step under way ends at " + stepEndMs + " ms, got " + nowMs);
        }
        if (stepping) {
            scheduler.settle();
            stepping = false;
        }
        stepEndMs = Math.max(stepEndMs, nowMs);
        if (scheduler.running.isEmpty() && scheduler.waiting.isEmpty()) {
            return StepResult.nothing(nowMs);
        }
        StepCost cost = scheduler.schedule();
        StepResult result = result(nowMs, cost);
        stepping = true;
        stepEndMs = result.endMs();
        return result;
    }

    /** True when nothing waits, nothing runs and no step is under way. */
    public boolean idle() {
        return !stepping && scheduler.running.isEmpty() && scheduler.waiting.isEmpty();
    }

    /**
     * Drops a request: at once when it waits, at the end of the step under way when it runs. Tokens of that step are
     * still in its result.
     *
     * @return false when the engine does not have it (any more)
     */
    public boolean abort(SimRequest request) {
        for (Iterator<Sequence> i = scheduler.waiting.iterator(); i.hasNext(); ) {
            if (i.next().request == request) {
                i.remove();
                return true;
            }
        }
        for (Sequence sequence : scheduler.running) {
            if (sequence.request == request && !sequence.aborted()) {
                sequence.abort();
                return true;
            }
        }
        return false;
    }

    public EngineGauges gauges() {
        BlockPool pool = scheduler.pool;
        return new EngineGauges(
                scheduler.waiting.size(),
                scheduler.running.size(),
                1 - (double) pool.free() / pool.size(),
                scheduler.queriedTokens(),
                scheduler.hitTokens(),
                scheduler.preemptions(),
                AdapterSlots.inUse(scheduler.running),
                AdapterSlots.inUse(scheduler.waiting),
                scheduler.adapters.loaded(),
                scheduler.adapters.loads());
    }

    /** Prompt tokens that would be found in the prefix cache if the request were admitted at this moment. */
    public int cachedTokensNow(SimRequest request) {
        int most = (request.promptTokens() - 1) / EngineProfile.BLOCK_TOKENS;
        return scheduler.findPrefix(request, most) * EngineProfile.BLOCK_TOKENS;
    }

    /**
     * The TTFT of {@code request} if it were submitted now and no other request came later: what a clairvoyant greedy
     * picker asks of each engine. Changes nothing that can be seen.
     */
    public double lookaheadFirstTokenMs(SimRequest request, double nowMs) {
        checkTime(nowMs);
        double start = stepping ? Math.max(nowMs, stepEndMs) : nowMs;
        double end = lookahead.firstTokenAt(request, start);
        return (Double.isNaN(end) ? copy().runToFirstToken(request, nowMs) : end) - nowMs;
    }

    /** An independent engine in the same state. Costs a copy of the whole block pool. */
    public Engine copy() {
        Engine copy = new Engine(profile, scheduler.copy());
        copy.stepping = stepping;
        copy.stepEndMs = stepEndMs;
        return copy;
    }

    /** Submits and steps until the request's first token; used on a copy. */
    double runToFirstToken(SimRequest request, double nowMs) {
        submit(request, nowMs);
        double now = stepping ? Math.max(nowMs, stepEndMs) : nowMs;
        while (true) {
            StepResult step = step(now);
            now = step.endMs();
            for (FirstToken first : step.firstTokens()) {
                if (first.request() == request) {
                    return now;
                }
            }
        }
    }

    /** Lookaheads that needed a full copy of the engine since its start. */
    public long lookaheadCopies() {
        return lookahead.refusals();
    }

    Scheduler scheduler() {
        return scheduler;
    }

    private StepResult result(double nowMs, StepCost cost) {
        List<SimRequest> emitting = new ArrayList<>(scheduler.running.size());
        List<FirstToken> first = new ArrayList<>(2);
        List<SimRequest> finished = new ArrayList<>(2);
        for (Sequence sequence : scheduler.running) {
            if (!sequence.emitsThisStep() || sequence.aborted()) {
                continue;
            }
            emitting.add(sequence.request);
            if (sequence.emitted() == 0) {
                first.add(new FirstToken(sequence.request, sequence.cachedTokens));
            }
            if (sequence.emitted() + 1 == sequence.request.outputTokens()) {
                finished.add(sequence.request);
            }
        }
        return new StepResult(
                nowMs, cost.ms(profile, scheduler.adapters.limits()), cost.tokens(), emitting, first, finished);
    }

    private void checkTime(double nowMs) {
        if (!(nowMs > Double.NEGATIVE_INFINITY && nowMs < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("nowMs must be finite, got " + nowMs);
        }
    }
}
