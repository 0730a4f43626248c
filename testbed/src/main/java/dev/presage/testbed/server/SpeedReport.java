package dev.presage.testbed.server;

import dev.presage.testbed.engine.Engine;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.SimRequest;
import dev.presage.testbed.engine.StepResult;
import dev.presage.testbed.trace.PromptBlocks;
import dev.presage.testbed.trace.Trace;
import dev.presage.testbed.trace.TraceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Replays the bundled trace over a few engines in virtual time, to see how fast the simulation itself is. */
final class SpeedReport {
    private static final int REQUESTS = 6_000;
    private static final int ENGINES = 8;
    private static final int ROUNDS = 3;

    private final List<Engine> engines = new ArrayList<>();
    private final boolean clairvoyant;
    private final double[] stepEnd;
    private double ttftSum;
    private int firstTokens;
    private int finished;
    private long steps;
    private long lookaheadNanos;

    private SpeedReport(EngineProfile profile, int count, boolean clairvoyant) {
        for (int i = 0; i < count; i++) {
            engines.add(new Engine(profile));
        }
        stepEnd = new double[count];
        this.clairvoyant = clairvoyant;
    }

    /** Simulated requests per second of one thread, with turns and with a clairvoyant picker, after a warm-up. */
    static String report(EngineProfile profile) {
        List<TraceRequest> trace = Trace.mooncakeConversation().subList(0, REQUESTS);
        List<SimRequest> requests = requests(trace);
        StringBuilder report = new StringBuilder();
        for (int round = 0; round < ROUNDS; round++) {
            for (boolean clairvoyant : new boolean[] {false, true}) {
                SpeedReport run = new SpeedReport(profile, ENGINES, clairvoyant);
                long start = System.nanoTime();
                run.run(trace, requests);
                run.describe(report, (System.nanoTime() - start) / 1e9);
            }
        }
        return report.toString();
    }

    private void describe(StringBuilder report, double seconds) {
        report.append(String.format(
                Locale.ROOT,
                "%-11s %d requests on %d engines: %.2f s, %.0f requests/s, %.0f steps/s, mean TTFT %.0f ms",
                clairvoyant ? "clairvoyant" : "turns",
                finished,
                engines.size(),
                seconds,
                finished / seconds,
                steps / seconds,
                ttftSum / firstTokens));
        if (clairvoyant) {
            int asked = finished * engines.size();
            long copies = engines.stream().mapToLong(Engine::lookaheadCopies).sum();
            report.append(String.format(
                    Locale.ROOT,
                    ", lookahead %.1f us each, %d of %d by copy",
                    lookaheadNanos / 1e3 / asked,
                    copies,
                    asked));
        }
        report.append(System.lineSeparator());
    }

    /** Runs the requests to their end; requests take turns over the engines unless the picker is clairvoyant. */
    private void run(List<TraceRequest> trace, List<SimRequest> requests) {
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

    private static List<SimRequest> requests(List<TraceRequest> trace) {
        List<SimRequest> requests = new ArrayList<>();
        for (TraceRequest request : trace) {
            long[] hashes = PromptBlocks.hashes(request, EngineProfile.BLOCK_TOKENS);
            requests.add(
                    new SimRequest("r" + request.position(), hashes, request.promptTokens(), request.outputTokens()));
        }
        return requests;
    }

    private int earliest(SimRequest request, double now) {
        long start = System.nanoTime();
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < engines.size(); i++) {
            double ms = engines.get(i).lookaheadFirstTokenMs(request, now);
            if (ms < least) {
                least = ms;
                best = i;
            }
        }
        lookaheadNanos += System.nanoTime() - start;
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
