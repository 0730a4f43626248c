/**
 * Evaluation of a compiled predictor: work model, forest, calibration. Pure arithmetic on arrays, shared by the router (which
 * decides with it), the trainer (which checks its own export against it) and the policy lab. Depends on the feature schema
 * and the predictor's Protobuf form only; start at {@link dev.presage.store.predict.Predictor}.
 */
@NullMarked
package dev.presage.store.predict;

import org.jspecify.annotations.NullMarked;
