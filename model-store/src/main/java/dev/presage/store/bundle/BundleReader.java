package dev.presage.store.bundle;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.GoldenRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns archive bytes, from wherever they come, into a {@link VerifiedBundle} or a {@link Refusal}. The store checks with it before it
 * keeps an archive, the router before it swaps. Never throws because of what the bytes are. Thread-safe.
 *
 * <p>Order of the checks: archive form, id, signature, manifest, schema, digests, predictor, golden rows; the first that fails is the answer. The
 * signature comes before anything that interprets the content.
 */
public final class BundleReader {
    private final TrustPolicy trust;

    public BundleReader(TrustPolicy trust) {
        this.trust = trust;
    }

    public Verification verify(byte[] archive) {
        try {
            return read(ArchiveCodec.read(archive));
        } catch (RefusedException e) {
            return new Verification.Refused(e.refusal);
        }
    }

    /** The same, and refuses the archive when it is not the one that was asked for. */
    public Verification verify(byte[] archive, BundleId expected) {
        try {
            Map<Part, byte[]> parts = ArchiveCodec.read(archive);
            BundleId actual = BundleId.ofManifest(part(parts, Part.MANIFEST));
            if (!actual.equals(expected)) {
                return new Verification.Refused(new Refusal.IdMismatch(expected, actual));
            }
            return read(parts);
        } catch (RefusedException e) {
            return new Verification.Refused(e.refusal);
        }
    }

    private VerifiedBundle read(Map<Part, byte[]> parts) throws RefusedException {
        byte[] manifestBytes = part(parts, Part.MANIFEST);
        checkSignature(parts, manifestBytes);
        BundleManifest manifest = manifest(manifestBytes);
        checkSchema(manifest.features());
        checkDigests(parts, manifest);
        Predictor predictor = predictor(part(parts, Part.PREDICTOR));
        if (!manifest.quantiles()
                .equals(Arrays.stream(predictor.quantiles()).boxed().toList())) {
            throw new RefusedException(new Refusal.ManifestInvalid("quantiles " + manifest.quantiles()
                    + " are not the predictor's " + Arrays.toString(predictor.quantiles())));
        }
        GoldenRows golden = golden(part(parts, Part.GOLDEN));
        new GoldenCheck(predictor, manifest.features().keys().size()).check(golden);
        return new VerifiedBundle(BundleId.ofManifest(manifestBytes), manifest, predictor, golden, parts);
    }

    private void checkSignature(Map<Part, byte[]> parts, byte[] manifest) throws RefusedException {
        if (!trust.requiresSignature()) {
            return;
        }
        byte[] signature = parts.get(Part.SIGNATURE);
        if (signature == null) {
            throw new RefusedException(new Refusal.SignatureMissing());
        }
        if (!trust.accepts(manifest, signature)) {
            throw new RefusedException(new Refusal.SignatureInvalid());
        }
    }

    private static BundleManifest manifest(byte[] bytes) throws RefusedException {
        BundleManifest manifest;
        try {
            manifest = StoreJson.read(bytes, BundleManifest.class);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(new Refusal.ManifestInvalid(String.valueOf(e.getMessage())));
        }
        if (!manifest.targets().equals(List.of(Target.values()))) {
            throw new RefusedException(new Refusal.ManifestInvalid(
                    "targets " + manifest.targets() + " are not " + Arrays.toString(Target.values())));
        }
        return manifest;
    }

    private static void checkSchema(BundleManifest.Columns columns) throws RefusedException {
        int known = FeatureSchema.columns(columns.hash());
        if (known > 0 && columns.keys().equals(FeatureSchema.keys().subList(0, known))) {
            return;
        }
        Set<String> missing = new HashSet<>(FeatureSchema.keys());
        columns.keys().forEach(missing::remove);
        List<String> unknown = new ArrayList<>(columns.keys());
        unknown.removeAll(FeatureSchema.keys());
        String difference = missing.isEmpty() && unknown.isEmpty()
                ? "other order of columns"
                : "lacks " + missing.stream().sorted().toList() + ", has the unknown "
                        + unknown.stream().limit(20).collect(Collectors.toList());
        throw new RefusedException(new Refusal.SchemaMismatch(FeatureSchema.HASH, columns.hash(), difference));
    }

    private static void checkDigests(Map<Part, byte[]> parts, BundleManifest manifest) throws RefusedException {
        for (String entry : manifest.parts().keySet()) {
            Part listed = Part.ofEntry(entry).orElse(Part.MANIFEST);
            if (!listed.isDigested() || !parts.containsKey(listed)) {
                throw new RefusedException(
                        new Refusal.EntryRefused(entry, "is in the manifest but not in the archive"));
            }
        }
        for (Map.Entry<Part, byte[]> part : parts.entrySet()) {
            if (part.getKey().isDigested()) {
                checkDigest(part.getKey(), part.getValue(), manifest);
            }
        }
    }

    private static void checkDigest(Part part, byte[] bytes, BundleManifest manifest) throws RefusedException {
        BundleManifest.Digest expected = manifest.digest(part);
        if (expected == null) {
            throw new RefusedException(new Refusal.EntryRefused(part.entry, "is not in the manifest"));
        }
        String actual = Sha256.hex(bytes);
        if (!actual.equals(expected.sha256()) || bytes.length != expected.bytes()) {
            throw new RefusedException(new Refusal.DigestMismatch(part.entry, expected.sha256(), actual));
        }
    }

    private static Predictor predictor(byte[] bytes) throws RefusedException {
        try {
            return Predictor.compile(CompiledPredictor.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new RefusedException(new Refusal.PredictorInvalid(String.valueOf(e.getMessage())));
        }
    }

    private static GoldenRows golden(byte[] bytes) throws RefusedException {
        try {
            return GoldenRows.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedException(new Refusal.GoldenInvalid(String.valueOf(e.getMessage())));
        }
    }

    private static byte[] part(Map<Part, byte[]> parts, Part part) throws RefusedException {
        byte[] bytes = parts.get(part);
        if (bytes == null) {
            throw new RefusedException(new Refusal.EntryRefused(part.entry, "is missing"));
        }
        return bytes;
    }
}
