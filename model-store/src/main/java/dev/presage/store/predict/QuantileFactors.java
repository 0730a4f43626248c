package dev.presage.store.predict;

/**
 * What a location is multiplied with for each quantile, per target and slice of its calibration: as calibrated, or as corrected by outcomes
 * since. Immutable.
 */
public final class QuantileFactors {
    /** The only predictor whose slices these are. */
    private final Predictor owner;

    private final double[][] byTarget;

    QuantileFactors(Predictor owner, double[][] byTarget) {
        this.owner = owner;
        this.byTarget = byTarget;
    }

    boolean isOf(Predictor predictor) {
        return owner == predictor;
    }

    /** The factor at {@code slice * levels + level}. */
    public double at(Target target, int place) {
        return byTarget[target.ordinal()][place];
    }

    /** The same but for the factors of one target from this place on, which ascend within a slice. */
    public QuantileFactors with(Target target, int from, double[] factors) {
        double[][] changed = byTarget.clone();
        double[] own = changed[target.ordinal()].clone();
        System.arraycopy(factors, 0, own, from, factors.length);
        changed[target.ordinal()] = own;
        return new QuantileFactors(owner, changed);
    }
}
