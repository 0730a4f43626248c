/**
 * The training window: which samples a predictor is learned from. Depends on the samples and the feature schema only; start
 * at {@link dev.presage.pipeline.window.TrainingWindow}.
 */
@NullMarked
package dev.presage.pipeline.window;

import org.jspecify.annotations.NullMarked;
