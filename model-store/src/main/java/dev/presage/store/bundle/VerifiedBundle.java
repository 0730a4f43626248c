package dev.presage.store.bundle;

import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import java.util.Map;
import java.util.Optional;

/**
 * A bundle whose digests, signature (when required), schema and golden rows were checked; only {@link BundleReader} makes one. Immutable
 * and thread-safe. The router swaps to its {@link #predictor}; the trainer may go on from its Tribuo models.
 */
public final class VerifiedBundle implements Verification {
    private final BundleId id;
    private final BundleManifest manifest;
    private final Predictor predictor;
    private final Map<Part, byte[]> parts;

    VerifiedBundle(BundleId id, BundleManifest manifest, Predictor predictor, Map<Part, byte[]> parts) {
        this.id = id;
        this.manifest = manifest;
        this.predictor = predictor;
        this.parts = parts;
    }

    public BundleId id() {
        return id;
    }

    public BundleManifest manifest() {
        return manifest;
    }

    public Predictor predictor() {
        return predictor;
    }

    /** True when the archive carries a signature; whether it was checked is the reader's trust policy. */
    public boolean isSigned() {
        return parts.containsKey(Part.SIGNATURE);
    }

    /** A copy of the Tribuo model's bytes, when the bundle carries it. */
    public Optional<byte[]> tribuoModel(Target target) {
        return Optional.ofNullable(parts.get(Part.ofModel(target))).map(byte[]::clone);
    }
}
