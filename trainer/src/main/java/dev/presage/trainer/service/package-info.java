/**
 * The loop around learning: when to train, on which window, and where the result goes. Depends on {@code learn}, the sample
 * log and the model store; start at {@link dev.presage.trainer.service.LearningLoop}.
 */
@NullMarked
package dev.presage.trainer.service;

import org.jspecify.annotations.NullMarked;
