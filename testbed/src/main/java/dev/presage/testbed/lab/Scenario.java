package dev.presage.testbed.lab;

import dev.presage.testbed.trace.TraceRequest;
import dev.presage.testbed.trace.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * One setting of the results: a workload on a fleet, with what happens on the way.
 *
 * @param use what it was used for before it was measured
 * @param load whether the fleet can serve what comes
 * @param traffic the trace that a seed gives
 * @param settings of each run, but for the seed
 */
record Scenario(
        String name,
        Use use,
        Load load,
        LongFunction<List<TraceRequest>> traffic,
        String fleet,
        LabSettings settings,
        List<String> policies) {

    /** What was done with it. */
    enum Use {
        /** Objectives or models were tuned on its first seed. */
        TUNED,
        /** It was only measured. */
        MEASURED
    }

    /** How busy the fleet is. */
    enum Load {
        SERVED,
        /** Arrivals come at about 1.5 times what the fleet can serve, or in bursts of more. */
        STRESS
    }

    static final String UNLIKE = "4*h100-llama-2-70b-hf-tp8,4*a100-llama-2-70b-hf-tp4";
    static final String LIKE = "8*h100-llama-2-70b-hf-tp4";
    /** How much slower requests come in the calm before stress. */
    private static final double CALM = 3;

    /** The default and what it is to be measured by. */
    static final List<String> BASELINES = List.of("lmetric", "learned", "clairvoyant");

    /** The default, what it falls back on, the other objective, and what it is to be measured by. */
    private static final List<String> PICKS =
            List.of("lmetric", "fleet-lmetric", "learned-own", "learned", "clairvoyant");

    static Scenario of(String name, Workload workload, String fleet, double speed, int requests) {
        return of(name, workload::trace, fleet, speed, requests);
    }

    static Scenario of(
            String name, LongFunction<List<TraceRequest>> traffic, String fleet, double speed, int requests) {
        int warmup = requests > 1_000 ? requests / 4 : 0;
        LabSettings settings = new LabSettings(requests, warmup, speed, 0, true);
        return new Scenario(name, Use.MEASURED, Load.SERVED, traffic, fleet, settings, PICKS);
    }

    /** So many popular long prefixes on four replicas, as {@link HotspotTraffic} has them. */
    static Scenario hotspots(String name, int prefixes, double perSecond, int requests) {
        HotspotTraffic traffic = new HotspotTraffic(prefixes, 20_000, perSecond, 2.5, 0.2);
        double untilMs = 1.2e3 * requests / perSecond;
        return of(
                name,
                seed -> traffic.arrivals(untilMs, seed).stream()
                        .map(Arrival::request)
                        .toList(),
                "4*h100-llama-2-70b-hf-tp4",
                1,
                requests);
    }

    Scenario tuned() {
        return new Scenario(name, Use.TUNED, load, traffic, fleet, settings, policies);
    }

    /** What it is after a calm while: the first two fifths of the requests come three times slower and are not counted. */
    Scenario stress() {
        int calm = settings.requests() * 2 / 5;
        return new Scenario(
                name,
                use,
                Load.STRESS,
                seed -> calmFirst(traffic.apply(seed), calm),
                fleet,
                new LabSettings(settings.requests(), calm, settings.speed(), 0, true),
                policies);
    }

    private static List<TraceRequest> calmFirst(List<TraceRequest> trace, int calm) {
        double from = trace.getFirst().arrivalMs();
        double until = trace.get(calm).arrivalMs();
        return trace.stream()
                .map(request -> request.withArrivalMs(
                        request.arrivalMs() + (CALM - 1) * (Math.min(request.arrivalMs(), until) - from)))
                .toList();
    }

    Scenario set(LabSettings other) {
        return new Scenario(name, use, load, traffic, fleet, other, policies);
    }

    /** With these policies before the usual ones. */
    Scenario also(String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(policies);
        return only(all);
    }

    Scenario only(List<String> others) {
        return new Scenario(name, use, load, traffic, fleet, settings, others);
    }

    /** Whether something must be reached in it. */
    boolean required() {
        return load == Load.STRESS || Scenarios.REQUIRED.contains(this);
    }

    /** One run; the seed draws the trace, ties and explorations. */
    PolicyResult run(String policy, long seed) {
        return new LabRun(FleetSpec.parse(fleet), LabPolicy.named(policy), settings.withSeed(seed))
                .run(traffic.apply(seed));
    }
}
