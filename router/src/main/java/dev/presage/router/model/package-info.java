/**
 * Which model is in service: follows the champion of the pool through Kafka and the store, verifies what it fetches, swaps it in
 * and keeps a copy on disk. A bundle that fails leaves the old one serving. Depends on model-store, the pipeline's alias log and
 * the predict package. Start at {@link dev.presage.router.model.ModelWatcher}.
 */
@NullMarked
package dev.presage.router.model;

import org.jspecify.annotations.NullMarked;
