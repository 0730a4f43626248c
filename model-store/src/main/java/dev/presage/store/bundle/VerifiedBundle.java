package dev.presage.store.bundle;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.store.proto.GoldenRows;
import java.util.Map;
import java.util.Optional;

/**
 * A bundle whose digests, signature (when required), schema and golden rows were checked; only {@link BundleReader} makes one. Immutable
 * and thread-safe. The router swaps to its {@link #predictor}; a trainer that starts goes on from what is in it.
 */
public final class VerifiedBundle implements Verification {
    private static final int PASSES = 50;

    private final BundleId id;
    private final BundleManifest manifest;
    private final Predictor predictor;
    private final GoldenRows golden;
    private final Map<Part, byte[]> parts;

    VerifiedBundle(
            BundleId id, BundleManifest manifest, Predictor predictor, GoldenRows golden, Map<Part, byte[]> parts) {
        this.id = id;
        this.manifest = manifest;
        this.predictor = predictor;
        this.golden = golden;
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

    /** What the predictor was compiled from, for who goes on learning from it. */
    public CompiledPredictor compiled() {
        try {
            return CompiledPredictor.parseFrom(parts.get(Part.PREDICTOR));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("verified bytes of " + id + " cannot be read", e);
        }
    }

    /** Rows of real traffic and what the predictor says of them. */
    public GoldenRows goldenRows() {
        return golden;
    }

    /** Time to predict one row on this machine, in microseconds: the fastest of some passes over the golden rows. */
    public double rowMicros() {
        float[] rows = new float[golden.getRowsCount() * FeatureSchema.SIZE];
        int[] classes = new int[golden.getRowsCount()];
        for (int i = 0; i < classes.length; i++) {
            float[] row = FeatureSchema.row(golden.getRows(i).getFeaturesList());
            System.arraycopy(row, 0, rows, i * FeatureSchema.SIZE, FeatureSchema.SIZE);
            classes[i] = predictor.classIndex(golden.getRows(i).getEndpointClass());
        }
        long best = Long.MAX_VALUE;
        Predictions predictions = new Predictions();
        for (int pass = 0; pass < PASSES; pass++) {
            long start = System.nanoTime();
            predictor.predict(rows, classes, classes.length, predictions);
            best = Math.min(best, System.nanoTime() - start);
        }
        return best / 1e3 / classes.length;
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
