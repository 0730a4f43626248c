package dev.presage.testbed.lab;

import static dev.presage.pipeline.features.Feature.DECODING_CONTEXT;
import static dev.presage.pipeline.features.Feature.DECODING_REQUESTS;
import static dev.presage.pipeline.features.Feature.KV_USAGE;
import static dev.presage.pipeline.features.Feature.OWN_ATTENTION;
import static dev.presage.pipeline.features.Feature.PENDING_ATTENTION;
import static dev.presage.pipeline.features.Feature.PENDING_REQUESTS;
import static dev.presage.pipeline.features.Feature.PENDING_TOKENS;
import static dev.presage.pipeline.features.Feature.PREFILL_RATE;
import static dev.presage.pipeline.features.Feature.PROMPT_TOKENS;
import static dev.presage.pipeline.features.Feature.RUNNING;
import static dev.presage.pipeline.features.Feature.STALLED_MS;
import static dev.presage.pipeline.features.Feature.UNCACHED_TOKENS;
import static dev.presage.pipeline.features.Feature.WAITING;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.Scheduler;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.store.proto.Calibration;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.Forest;
import java.util.Arrays;

/**
 * One part of the learned policy taken away, to see what it adds. A feature group that is taken away has values that say nothing, when a
 * request is routed and so also when it is learned from; the scraped ones become the router's own counts, as when nobody is scraped.
 */
enum Ablation {
    NONE("nothing"),
    FOREST("forest"),
    CALIBRATION("calibration"),
    CORRECTION("correction"),
    EXPLORATION("exploration"),
    CACHE("cache", UNCACHED_TOKENS, OWN_ATTENTION),
    QUEUE("queue", PENDING_TOKENS, PENDING_ATTENTION, PENDING_REQUESTS, STALLED_MS),
    ATTENTION("attention", OWN_ATTENTION, PENDING_ATTENTION),
    DECODING("decoding", DECODING_REQUESTS, DECODING_CONTEXT),
    SCRAPED("scraped", WAITING, RUNNING, KV_USAGE),
    RATE("rate", PREFILL_RATE);

    private final String label;
    private final Feature[] hidden;

    Ablation(String label, Feature... hidden) {
        this.label = label;
        this.hidden = hidden;
    }

    /** What is taken away. */
    String label() {
        return label;
    }

    /** The ladder without it. */
    Scheduler of(Ladder ladder) {
        return switch (this) {
            case NONE, FOREST, CALIBRATION -> ladder;
            case EXPLORATION ->
                new Ladder(
                        ladder.lower(), ladder.objective(), Exploration.NONE, ladder.maxModelAge(), ladder.learning());
            case CORRECTION, CACHE, QUEUE, ATTENTION, DECODING, SCRAPED, RATE ->
                (candidates, moment) -> ladder.schedule(without(candidates), moment);
        };
    }

    /** The model without it. */
    CompiledPredictor of(CompiledPredictor model) {
        CompiledPredictor.Builder less = model.toBuilder();
        if (this == FOREST) {
            less.getTtftBuilder().setForest(Forest.getDefaultInstance());
            less.getTpotBuilder().setForest(Forest.getDefaultInstance());
        } else if (this == CALIBRATION) {
            less.getTtftBuilder().setCalibration(unsliced(model.getTtft().getCalibration(), model.getQuantilesCount()));
            less.getTpotBuilder().setCalibration(unsliced(model.getTpot().getCalibration(), model.getQuantilesCount()));
        }
        return less.build();
    }

    /** The same offsets for every slice: their mean. */
    private static Calibration unsliced(Calibration sliced, int levels) {
        int slices = sliced.getOffsetsCount() / levels;
        Calibration.Builder one = Calibration.newBuilder();
        for (int level = 0; level < levels; level++) {
            double sum = 0;
            for (int slice = 0; slice < slices; slice++) {
                sum += sliced.getOffsets(slice * levels + level);
            }
            one.addOffsets(sum / slices);
        }
        return one.build();
    }

    private CandidateMatrix without(CandidateMatrix all) {
        int count = all.size();
        float[] rows = all.rows().clone();
        int[] cached = new int[count];
        boolean[] fresh = new boolean[count];
        double[] corrections = new double[count];
        double[] displaced = new double[count];
        for (int i = 0; i < count; i++) {
            cached[i] = all.cachedTokens(i);
            fresh[i] = all.fresh(i);
            corrections[i] = this == CORRECTION ? 1 : all.correction(i);
            displaced[i] = this == CACHE ? 0 : all.displacement(i);
            for (Feature feature : hidden) {
                rows[i * FeatureSchema.SIZE + feature.ordinal()] = blank(all, i, feature);
            }
        }
        return CandidateMatrix.logged(all.request(), all.fleet(), cached, rows, fresh, corrections)
                .displacing(displaced)
                .aimedAt(all.aim());
    }

    private float blank(CandidateMatrix all, int candidate, Feature feature) {
        return switch (feature) {
            case UNCACHED_TOKENS -> all.get(candidate, PROMPT_TOKENS);
            case OWN_ATTENTION ->
                this == CACHE ? (float) (EndpointTwin.attention((int) all.get(candidate, PROMPT_TOKENS), 0) * 1e-6) : 0;
            case WAITING -> all.get(candidate, PENDING_REQUESTS);
            case RUNNING -> all.get(candidate, DECODING_REQUESTS);
            default -> 0;
        };
    }

    /** The one of that label; an {@link IllegalArgumentException} lists them. */
    static Ablation named(String label) {
        return Arrays.stream(values())
                .filter(part -> part.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown part '" + label + "', known: "
                        + Arrays.stream(values()).map(Ablation::label).toList()));
    }
}
