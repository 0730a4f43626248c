/**
 * The trainer: follows the samples, keeps the window, trains, evaluates, publishes. Start at {@link
 * dev.presage.trainer.TrainCommand}.
 */
@NullMarked
package dev.presage.trainer;

import org.jspecify.annotations.NullMarked;
