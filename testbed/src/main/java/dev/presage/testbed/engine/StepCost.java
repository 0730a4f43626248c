package dev.presage.testbed.engine;

/** Adds up the work of one step. Integers only, so the order of additions cannot change the result. */
final class StepCost {
    private int tokens;
    private long decodeContext;
    private long attentionPairs;
    private int adapterLoads;

    void clear() {
        tokens = 0;
        decodeContext = 0;
        attentionPairs = 0;
        adapterLoads = 0;
    }

    /** Adds a sequence that computes {@code chunk} tokens after {@code before}. */
    void add(int before, int chunk, int prefillEnd) {
        tokens += chunk;
        if (before >= prefillEnd) {
            decodeContext += before + chunk;
        } else {
            attentionPairs += (long) chunk * (2L * before + chunk);
        }
    }

    /** Adds the load of one adapter, for which the whole step waits. */
    void addAdapterLoad() {
        adapterLoads++;
    }

    int tokens() {
        return tokens;
    }

    double ms(EngineProfile profile) {
        return profile.stepMs(tokens, decodeContext, attentionPairs);
    }

    double ms(EngineProfile profile, AdapterLimits adapters) {
        return ms(profile) + adapterLoads * adapters.loadMs();
    }
}
