/**
 * Learning a predictor from samples: the work model by non-negative least squares, the forest on its residual by Tribuo's
 * XGBoost, the calibration by split conformal quantiles, each chosen and judged on later data than it was trained on.
 * Depends on the feature schema, the compiled predictor and Tribuo; start at {@link
 * dev.presage.trainer.learn.PredictorTrainer}.
 */
@NullMarked
package dev.presage.trainer.learn;

import org.jspecify.annotations.NullMarked;
