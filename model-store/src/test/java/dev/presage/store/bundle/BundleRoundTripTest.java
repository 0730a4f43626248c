package dev.presage.store.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Target;
import dev.presage.store.proto.GoldenRows;
import java.io.IOException;
import java.io.InputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class BundleRoundTripTest {
    private final BundleReader reader = new BundleReader(TrustPolicy.anyone());

    @Test
    void givesBackWhatWasWritten() {
        byte[] model = {1, 2, 3};
        ModelCard card = SampleBundles.card("chat", 1);
        BundleArchive archive = BundleWriter.unsigned()
                .write(card, SampleBundles.predictor(1), SampleBundles.golden(1), Map.of(Target.TTFT, model));

        VerifiedBundle bundle = assertInstanceOf(VerifiedBundle.class, reader.verify(archive.bytes(), archive.id()));

        assertEquals(archive.id(), bundle.id());
        assertEquals(card, bundle.manifest().card());
        assertEquals(List.of(0.5, 0.9), bundle.manifest().quantiles());
        assertArrayEquals(model, bundle.tribuoModel(Target.TTFT).orElseThrow());
        assertTrue(bundle.tribuoModel(Target.TPOT).isEmpty());
        assertEquals(0, bundle.predictor().classIndex("h100"));
    }

    /** A bundle of predictor format 2 and of the first feature schema: its golden rows say what that build predicted. */
    @Test
    void aBundleOfAnEarlierSchemaIsReadAndPredictsTheSame() throws IOException {
        byte[] archive;
        try (InputStream file = getClass().getResourceAsStream("/bundles/format-2.zip")) {
            archive = Objects.requireNonNull(file).readAllBytes();
        }
        VerifiedBundle bundle = assertInstanceOf(VerifiedBundle.class, reader.verify(archive));
        assertEquals(15, bundle.manifest().features().keys().size());
        assertEquals(15, bundle.goldenRows().getRows(0).getFeaturesCount());
        float[] row = new float[FeatureSchema.SIZE];
        Arrays.fill(row, 1e9f);
        Arrays.fill(row, 0, 15, 1_000);
        assertTrue(bundle.predictor().inSupport(row, 0), "what it never knew it does not bound");
        assertTrue(bundle.rowMicros() > 0);
    }

    @Test
    void sameInputGivesSameBytes() {
        assertArrayEquals(
                SampleBundles.archive("chat", 1).bytes(),
                SampleBundles.archive("chat", 1).bytes());
        assertNotEquals(
                SampleBundles.archive("chat", 1).id(),
                SampleBundles.archive("chat", 2).id());
    }

    @Test
    void bytesDoNotDependOnTheTimeZone() {
        BundleArchive here = SampleBundles.archive("chat", 1);
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            assertArrayEquals(here.bytes(), SampleBundles.archive("chat", 1).bytes());
            assertInstanceOf(VerifiedBundle.class, reader.verify(here.bytes()));
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void idIsTheDigestOfTheManifest() throws Exception {
        BundleArchive archive = SampleBundles.archive("chat", 1);
        byte[] manifest =
                Objects.requireNonNull(ArchiveCodec.read(archive.bytes()).get(Part.MANIFEST));
        assertEquals("sha256-" + Sha256.hex(manifest), archive.id().value());
    }

    @Test
    void signatureDoesNotChangeTheIdAndIsChecked() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        BundleArchive signed = BundleWriter.signingWith(new BundleSigner(pair.getPrivate()))
                .write(SampleBundles.card("chat", 1), SampleBundles.predictor(1), SampleBundles.golden(1), Map.of());
        assertEquals(SampleBundles.archive("chat", 1).id(), signed.id());
        BundleReader strict = new BundleReader(TrustPolicy.signedBy(List.of(pair.getPublic())));
        VerifiedBundle bundle = assertInstanceOf(VerifiedBundle.class, strict.verify(signed.bytes()));
        assertTrue(bundle.isSigned());
    }

    @Test
    void writerRefusesWhatAReaderWould() {
        IllegalArgumentException wrongGolden =
                assertThrows(IllegalArgumentException.class, () -> BundleWriter.unsigned()
                        .write(
                                SampleBundles.card("chat", 1),
                                SampleBundles.predictor(1),
                                SampleBundles.golden(2),
                                Map.of()));
        assertTrue(String.valueOf(wrongGolden.getMessage()).startsWith("golden row 0: TTFT location is "));
        IllegalArgumentException noGolden = assertThrows(IllegalArgumentException.class, () -> BundleWriter.unsigned()
                .write(
                        SampleBundles.card("chat", 1),
                        SampleBundles.predictor(1),
                        GoldenRows.getDefaultInstance(),
                        Map.of()));
        assertEquals("golden.pb: 0 rows, must be 1..512", noGolden.getMessage());
    }
}
