package dev.presage.router.plugin.admit;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Admitter;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Slo;
import java.util.Optional;

/**
 * Refuses a request with SLOs that no endpoint is predicted to keep, unless one is idle or its cache cold: there the model may be
 * wrong and nobody is harmed.
 */
record LatencySloAdmitter() implements Admitter {
    private static final double COLD = 0.02;
    private static final Optional<String> DENIAL = Optional.of("no valid endpoint available to serve the request");

    @Override
    public Optional<String> denial(Round round) {
        if (!Slo.of(round.candidates()).any() || !round.anyPredicted()) {
            return Optional.empty();
        }
        for (int i = 0; i < round.size(); i++) {
            boolean idle = round.candidates().get(i, Feature.RUNNING) == 0;
            boolean cold = round.candidates().get(i, Feature.KV_USAGE) < COLD;
            if (idle || cold || round.keepsSlo(i)) {
                return Optional.empty();
            }
        }
        return DENIAL;
    }
}
