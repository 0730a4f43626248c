/**
 * A copy of the registry's contents in an MLflow registry, for people who look there. One way, in the background; the store never waits for it.
 * Knows MLflow's REST interface and the registry; start at {@link dev.presage.store.mlflow.MlflowMirror}.
 */
@NullMarked
package dev.presage.store.mlflow;

import org.jspecify.annotations.NullMarked;
