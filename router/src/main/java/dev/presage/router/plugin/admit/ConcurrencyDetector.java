package dev.presage.router.plugin.admit;

import dev.presage.router.fleet.QueueState;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SaturationDetector;

/**
 * Saturation by what this router has in flight: requests, tokens or the larger of both as a share of what the endpoints may
 * have together. As a filter it leaves endpoints at most {@code headroom} above their own share, or all when none is.
 */
record ConcurrencyDetector(Mode mode, double requests, double tokens, double headroom)
        implements SaturationDetector, Filter {
    enum Mode {
        REQUESTS,
        TOKENS,
        HYBRID
    }

    static ConcurrencyDetector read(Parameters given) {
        Mode mode =
                switch (given.choice("concurrencyMode", "requests", "requests", "tokens", "hybrid")) {
                    case "tokens" -> Mode.TOKENS;
                    case "hybrid" -> Mode.HYBRID;
                    default -> Mode.REQUESTS;
                };
        given.producers("inFlightLoadProducerName");
        return new ConcurrencyDetector(
                mode,
                given.number("maxConcurrency", 1, 1e9, 100),
                given.number("maxTokenConcurrency", 1, 1e15, 1_000_000),
                given.number("headroom", 0, 1e6, 0));
    }

    @Override
    public String type() {
        return "concurrency-detector";
    }

    @Override
    public double of(Round round, int candidate, int unseen) {
        QueueState queue = round.state(candidate).queue();
        double byRequests = queue.inFlight() / requests;
        double byTokens = (queue.pendingTokens() + queue.decodingContext()) / tokens;
        return switch (mode) {
            case REQUESTS -> byRequests;
            case TOKENS -> byTokens;
            case HYBRID -> Math.max(byRequests, byTokens);
        };
    }

    @Override
    public Kept keep(Round round) {
        return Kept.whereAny(round, i -> of(round, i, 0) < 1 + headroom);
    }
}
