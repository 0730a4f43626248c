package dev.presage.store.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.predict.Target;
import dev.presage.store.proto.GoldenRows;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
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
