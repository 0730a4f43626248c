/**
 * The candidate feature matrix and the model in service. Core package: no transport. Start at {@link
 * dev.presage.router.predict.CandidateMatrix}.
 */
@NullMarked
package dev.presage.router.predict;

import org.jspecify.annotations.NullMarked;
