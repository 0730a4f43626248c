/**
 * A predictor as an immutable artefact: one archive with a manifest, the compiled predictor, golden rows and an optional
 * signature, named by the digest of its manifest. Nothing in it is used before every check has passed, and each failed check is a
 * {@link dev.presage.store.bundle.Refusal} that names what is wrong. Depends on {@code dev.presage.store.predict}, the feature schema,
 * Protobuf and Jackson; start at {@link dev.presage.store.bundle.BundleWriter} and {@link dev.presage.store.bundle.BundleReader}.
 */
@NullMarked
package dev.presage.store.bundle;

import org.jspecify.annotations.NullMarked;
