package dev.presage.testbed.engine;

/** A sequence's counters inside one {@link Lookahead}; reused from one to the next. */
final class VirtualSequence {
    SimRequest request = NONE;
    int computed;
    int tokens;
    int prefillEnd;
    int left;
    int blocks;
    int scheduled;
    /** First block whose content this lookahead has seen it fill. */
    int firstFilled;
    /** One past the last full block of the scheduled tokens. */
    int filled;

    private static final SimRequest NONE = new SimRequest("", new long[0], 1, 1);

    /** Takes over a sequence as it will be when the step under way has ended. */
    void take(Sequence sequence) {
        request = sequence.request;
        boolean emits = sequence.emitsThisStep();
        computed = sequence.computed + sequence.scheduled;
        tokens = sequence.tokens + (emits ? 1 : 0);
        left = request.outputTokens() - sequence.emitted() - (emits ? 1 : 0);
        prefillEnd = sequence.prefillEnd;
        blocks = sequence.blockCount();
        scheduled = 0;
        firstFilled = filled = computed / EngineProfile.BLOCK_TOKENS;
    }

    /** Takes a request that was submitted just now. */
    void take(SimRequest submitted) {
        request = submitted;
        computed = 0;
        tokens = submitted.promptTokens();
        left = submitted.outputTokens();
        prefillEnd = tokens;
        blocks = 0;
        scheduled = 0;
        firstFilled = filled = 0;
    }

    void admit(int hits) {
        computed = hits * EngineProfile.BLOCK_TOKENS;
        prefillEnd = tokens;
        blocks = hits;
        firstFilled = filled = hits;
    }

    int missingBlocks(int upTo) {
        return Math.ceilDiv(upTo, EngineProfile.BLOCK_TOKENS) - blocks;
    }

    void schedule(int chunk, int missing) {
        blocks += missing;
        scheduled = chunk;
        filled = (computed + chunk) / EngineProfile.BLOCK_TOKENS;
    }

    /** Ends a step; returns true when it emitted a token. */
    boolean settle() {
        computed += scheduled;
        boolean emits = scheduled > 0 && computed == tokens;
        if (emits) {
            tokens++;
            left--;
        }
        scheduled = 0;
        return emits;
    }

    /** One past the last block of {@code other} that is among those this sequence filled; 0 when none is. */
    int sharedUntil(SimRequest other, int most) {
        int until = firstFilled;
        int end = Math.min(filled, most);
        while (until < end && request.blockHash(until) == other.blockHash(until)) {
            until++;
        }
        return until == firstFilled ? 0 : until;
    }
}
