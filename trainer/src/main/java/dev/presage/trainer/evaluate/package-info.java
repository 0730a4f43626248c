/**
 * Judging the trainer on files of samples with a known truth, outside any fleet: {@code presage train evaluate}. Depends on
 * {@code learn}; start at {@link dev.presage.trainer.evaluate.EvaluateCommand}.
 */
@NullMarked
package dev.presage.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
