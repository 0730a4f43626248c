package dev.presage.pipeline.window;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.proto.Sample;

/**
 * Where a sample lies in the space that matters: how loaded the endpoint was, how much of the prompt it held, what hardware it
 * is. Rare situations keep their samples when common ones overflow.
 */
record Stratum(int load, int prefix, String endpointClass) {
    private static final double[] LOAD_EDGES = {1, 4_000, 16_000, 64_000};

    static Stratum of(Sample sample) {
        float pending = sample.getFeatures(Feature.PENDING_TOKENS.ordinal());
        float prompt = sample.getFeatures(Feature.PROMPT_TOKENS.ordinal());
        float uncached = sample.getFeatures(Feature.UNCACHED_TOKENS.ordinal());
        int load = 0;
        while (load < LOAD_EDGES.length && pending >= LOAD_EDGES[load]) {
            load++;
        }
        int prefix = prompt <= 0 ? 0 : Math.clamp((long) (4 * (1 - uncached / prompt)), 0, 3);
        return new Stratum(load, prefix, sample.getEndpointClass());
    }
}
