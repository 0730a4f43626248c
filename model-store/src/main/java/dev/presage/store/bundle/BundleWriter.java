package dev.presage.store.bundle;

import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.GoldenRows;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes bundles; called by the trainer. Deterministic: the same input gives the same bytes and id. Never hands out an archive that {@link
 * BundleReader} would refuse. Thread-safe.
 */
public final class BundleWriter {
    private static final BundleReader SELF_CHECK = new BundleReader(TrustPolicy.anyone());

    private final @Nullable BundleSigner signer;

    private BundleWriter(@Nullable BundleSigner signer) {
        this.signer = signer;
    }

    public static BundleWriter unsigned() {
        return new BundleWriter(null);
    }

    public static BundleWriter signingWith(BundleSigner signer) {
        return new BundleWriter(signer);
    }

    /**
     * @param golden from a {@link GoldenRecorder}, at least one row
     * @param tribuoModels the models as Tribuo writes them in Protobuf; may be empty
     * @throws IllegalArgumentException with the refusal's message when the parts do not make a valid bundle
     */
    public BundleArchive write(
            ModelCard card, CompiledPredictor predictor, GoldenRows golden, Map<Target, byte[]> tribuoModels) {
        Map<Part, byte[]> parts = new EnumMap<>(Part.class);
        parts.put(Part.PREDICTOR, predictor.toByteArray());
        parts.put(Part.GOLDEN, golden.toByteArray());
        tribuoModels.forEach((target, bytes) -> parts.put(Part.ofModel(target), bytes));
        byte[] manifest = StoreJson.write(BundleManifest.of(card, Predictor.compile(predictor), parts));
        parts.put(Part.MANIFEST, manifest);
        if (signer != null) {
            parts.put(Part.SIGNATURE, signer.sign(manifest));
        }
        BundleArchive archive = new BundleArchive(BundleId.ofManifest(manifest), ArchiveCodec.write(parts));
        return switch (SELF_CHECK.verify(archive.bytes(), archive.id())) {
            case VerifiedBundle _ -> archive;
            case Verification.Refused refused ->
                throw new IllegalArgumentException(refused.refusal().message());
        };
    }
}
