package dev.presage.router.plugin;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Moment;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.EndpointResiduals;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.predict.TestModels;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Rounds over endpoints that a test describes one by one: 192.168.1.1:8000 and on. */
public final class Rounds {
    public static final long NOW = 1_000_000_000;
    private static final long MAX_AGE = 200_000_000;

    private final Fleet fleet = new Fleet();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final Map<String, EngineSignals> signals = new HashMap<>();
    private final ApproximatePrefixIndex prefixes = new ApproximatePrefixIndex(1 << 20);
    private final Map<String, String> headers = new HashMap<>();
    private int promptTokens = 640;
    private int mediaParts;
    private int priority;
    private String model = "m";

    /** One more endpoint, with labels as {@code key=value}. */
    public Rounds endpoint(String... labels) {
        Map<String, String> map = new HashMap<>();
        for (String label : labels) {
            map.put(label.split("=")[0], label.split("=")[1]);
        }
        int number = endpoints.size();
        endpoints.add(new Endpoint("default/pod-" + number + "-rank-0", "192.168.1." + (number + 1), 8000, map));
        fleet.replace(endpoints);
        return this;
    }

    /** The last endpoint was scraped just now. */
    public Rounds scraped(double waiting, double running, double kvUsage) {
        return signals(new EngineSignals(waiting, running, kvUsage, 16, 0, Set.of(), NOW));
    }

    public Rounds adapters(Set<String> loaded, Set<String> waiting, int max) {
        return signals(new EngineSignals(0, 0, 0, 16, 0, loaded, waiting, max, loaded, Map.of(), NOW));
    }

    /** The last endpoint says this. */
    public Rounds signals(EngineSignals said) {
        signals.put(endpoints.getLast().id(), said);
        fleet.signals(endpoints.getLast().id(), said);
        return this;
    }

    /** The last endpoint has so many requests in flight from here, of so many prompt tokens each, all before their first token. */
    public Rounds inFlight(int count, int tokens) {
        for (int i = 0; i < count; i++) {
            Objects.requireNonNull(fleet.twin(endpoints.getLast())).dispatch(tokens, 0, NOW);
        }
        return this;
    }

    /** The last endpoint holds the first blocks of the prompt. */
    public Rounds holds(int blocks) {
        prefixes.sent(endpoints.getLast(), LongStream.range(0, blocks).toArray());
        return this;
    }

    public Rounds prompt(int tokens) {
        promptTokens = tokens;
        return this;
    }

    public Rounds media(int parts) {
        mediaParts = parts;
        return this;
    }

    public Rounds priority(int value) {
        priority = value;
        return this;
    }

    public Rounds model(String name) {
        model = name;
        return this;
    }

    public Rounds header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public CandidateMatrix matrix() {
        endpoints.forEach(endpoint -> {
            EngineSignals said = signals.get(endpoint.id());
            if (said != null) {
                fleet.signals(endpoint.id(), said);
            }
        });
        long[] blocks = LongStream.range(0, promptTokens / InferenceRequest.BLOCK_TOKENS)
                .toArray();
        InferenceRequest request = new InferenceRequest(
                "r", "client", model, model, Api.CHAT, promptTokens, blocks, 100, true, priority, mediaParts, headers);
        return CandidateMatrix.of(request, fleet.snapshot(), prefixes, new EndpointResiduals(), NOW, MAX_AGE);
    }

    public Round round() {
        return round(null, LatencySettings.DEFAULT, 1);
    }

    public Round round(@Nullable ServingModel serving, LatencySettings latency, long seed) {
        return Round.of(matrix(), moment(serving, seed), latency);
    }

    public static Moment moment(@Nullable ServingModel serving, long seed) {
        return new Moment(serving, TestModels.TRAINED_AT, Ladder.Health.GOOD, new Random(seed));
    }
}
