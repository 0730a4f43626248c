package dev.presage.store.bundle;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.proto.CompiledPredictor;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Damaged bytes are refused, and nothing but refused. */
class CorruptionTest {
    private final byte[] archive = SampleBundles.archive("chat", 1).bytes();
    private final byte[] predictor = SampleBundles.predictor(1).toByteArray();
    private final BundleReader reader = new BundleReader(TrustPolicy.anyone());

    @Property(tries = 2000)
    void oneFlippedBitNeverVerifies(@ForAll @IntRange(max = 1_000_000) int at, @ForAll @IntRange(max = 7) int bit) {
        byte[] damaged = archive.clone();
        damaged[at % damaged.length] ^= (byte) (1 << bit);
        assertInstanceOf(Verification.Refused.class, reader.verify(damaged));
    }

    @Property(tries = 500)
    void aTruncatedArchiveNeverVerifies(@ForAll @IntRange(max = 1_000_000) int length) {
        byte[] damaged = Arrays.copyOf(archive, length % archive.length);
        assertInstanceOf(Verification.Refused.class, reader.verify(damaged));
    }

    @Property(tries = 500)
    void anyBytesAreRefused(@ForAll byte[] bytes) {
        assertInstanceOf(Verification.Refused.class, reader.verify(bytes));
    }

    @Property(tries = 2000)
    void aDamagedPredictorIsRefusedOrEvaluates(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1_000_000) Integer> places, @ForAll byte value) {
        byte[] damaged = predictor.clone();
        places.forEach(place -> damaged[place % damaged.length] = value);
        float[] row = new float[FeatureSchema.SIZE];
        try {
            Predictor.compile(CompiledPredictor.parseFrom(damaged)).predict(row, new int[] {-1}, 1, new Predictions());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            // Refused.
        }
    }
}
