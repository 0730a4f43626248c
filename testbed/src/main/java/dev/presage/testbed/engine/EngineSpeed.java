package dev.presage.testbed.engine;

import dev.presage.testbed.trace.PromptBlocks;
import dev.presage.testbed.trace.TraceRequest;
import java.util.ArrayList;
import java.util.List;

/** Replays a trace over a few engines in virtual time, to see how fast the simulation itself is. */
final class EngineSpeed {
    private final List<Engine> engines = new ArrayList<>();
    private final boolean clairvoyant;
    private final double[] stepEnd;
    private double ttftSum;
    private int firstTokens;
    private int finished;
    private long steps;

    EngineSpeed(EngineProfile profile, int count, boolean clairvoyant) {
        for (int i = 0; i < count; i++) {
            engines.add(new Engine(profile));
        }
        stepEnd = new double[count];
        this.clairvoyant = clairvoyant;
    }

    /** Runs the requests to their end; requests take turns over the engines unless the picker is clairvoyant. */
    void run(List<TraceRequest> trace, List<SimRequest> requests) {
        for (int i = 0; i < requests.size(); i++) {
            double now = trace.get(i).arrivalMs();
            advanceTo(now);
            int chosen = clairvoyant ? earliest(requests.get(i), now) : i % engines.size();
            engines.get(chosen).submit(requests.get(i), now);
            ttftSum -= now;
            if (stepEnd[chosen] < now) {
                step(chosen, now);
            }
        }
        advanceTo(Double.POSITIVE_INFINITY);
    }

    static List<SimRequest> requests(List<TraceRequest> trace) {
        List<SimRequest> requests = new ArrayList<>();
        for (TraceRequest request : trace) {
            long[] hashes = PromptBlocks.hashes(request, EngineProfile.BLOCK_TOKENS);
            requests.add(
                    new SimRequest("r" + request.position(), hashes, request.promptTokens(), request.outputTokens()));
        }
        return requests;
    }

    int finished() {
        return finished;
    }

    long steps() {
        return steps;
    }

    double meanTtftMs() {
        return ttftSum / firstTokens;
    }

    long copies() {
        return engines.stream().mapToLong(Engine::lookaheadCopies).sum();
    }

    private int earliest(SimRequest request, double now) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < engines.size(); i++) {
            double ms = engines.get(i).lookaheadFirstTokenMs(request, now);
            if (ms < least) {
                least = ms;
                best = i;
            }
        }
        return best;
    }

    private void advanceTo(double time) {
        for (int i = 0; i < engines.size(); i++) {
            while (!engines.get(i).idle() && stepEnd[i] <= time) {
                step(i, stepEnd[i]);
            }
        }
    }

    private void step(int engine, double now) {
        StepResult step = engines.get(engine).step(now);
        stepEnd[engine] = step.endMs();
        ttftSum += step.firstTokens().size() * step.endMs();
        firstTokens += step.firstTokens().size();
        finished += step.finished().size();
        steps++;
    }
}
