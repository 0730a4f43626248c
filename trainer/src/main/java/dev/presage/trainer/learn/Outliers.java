package dev.presage.trainer.learn;

/**
 * Samples that no state of an endpoint explains: ten times slower or faster than the work in front of them. They are broken clocks, broken counts
 * and requests that were held up elsewhere; a tail that consists of them would be no promise that an endpoint could keep. Where there are
 * many of them it is the work model that is wrong, and all stay.
 */
final class Outliers {
    /** In the logarithm. */
    static final double FAR = Math.log(10);
    /** More than this share are no outliers. */
    static final double MOST = 0.1;

    private Outliers() {}

    /** {@code fitted} without them, in the same order. */
    static FittedSet dropped(FittedSet fitted) {
        TrainingSet data = fitted.data();
        double[] residuals = fitted.residuals();
        TrainingSet kept = new TrainingSet();
        for (int i = 0; i < data.size(); i++) {
            if (Math.abs(residuals[i]) <= FAR) {
                kept.copy(data, i);
            }
        }
        return kept.size() >= (1 - MOST) * data.size() ? fitted.keeping(kept) : fitted;
    }
}
