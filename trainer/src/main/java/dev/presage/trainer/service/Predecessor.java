package dev.presage.trainer.service;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.predict.Predictor;
import dev.presage.trainer.learn.WarmStart;

/**
 * The champion that a trainer finds when it starts, which an earlier one made. Immutable.
 *
 * @param samples that it was learned from
 * @param untilMs end of the newest of them, milliseconds since the epoch: later ones are news to it
 * @param start what is taken over from it
 */
public record Predecessor(BundleId bundle, Predictor predictor, long samples, long untilMs, WarmStart start) {
    /** A window with less than this share of the predecessor's samples is young. */
    private static final double YOUNG = 0.5;

    /** Of a bundle that was verified as routers do. */
    public static Predecessor of(VerifiedBundle bundle) {
        return new Predecessor(
                bundle.id(),
                bundle.predictor(),
                bundle.manifest().card().window().samples(),
                bundle.manifest().card().window().toMs(),
                WarmStart.from(bundle.compiled()));
    }

    /** Whether a window of that size knows much less than this did. */
    boolean outweighs(int windowSize) {
        return windowSize < YOUNG * samples;
    }
}
