package dev.presage.store.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** One test per way to be wrong; each is named in the refusal. */
class BundleRefusalTest {
    private final BundleArchive archive = SampleBundles.archive("chat", 1);
    private final BundleReader reader = new BundleReader(TrustPolicy.anyone());

    @Test
    void anotherBundleThanAskedFor() {
        BundleId other = SampleBundles.archive("chat", 2).id();
        assertEquals(
                new Verification.Refused(new Refusal.IdMismatch(other, archive.id())),
                reader.verify(archive.bytes(), other));
    }

    @Test
    void aFlippedByteInThePredictor() throws Exception {
        Map<Part, byte[]> parts = parts();
        Objects.requireNonNull(parts.get(Part.PREDICTOR))[40] ^= 1;
        Refusal.DigestMismatch mismatch =
                assertInstanceOf(Refusal.DigestMismatch.class, refusal(ArchiveCodec.write(parts)));
        assertEquals("predictor.pb", mismatch.entry());
        assertEquals("digest-mismatch", mismatch.code());
    }

    @Test
    void aFlippedByteInTheArchiveItself() {
        byte[] bytes = archive.bytes().clone();
        bytes[bytes.length - 30] ^= 1;
        assertInstanceOf(Refusal.ArchiveMalformed.class, refusal(bytes));
    }

    @Test
    void bytesBehindTheArchive() {
        byte[] bytes = Arrays.copyOf(archive.bytes(), archive.bytes().length + 1);
        assertEquals(
                "not a bundle archive: its bytes are not the ones that these entries are written as",
                refusal(bytes).message());
    }

    @Test
    void anotherSchema() throws Exception {
        Refusal refusal = refusal(withManifest(
                json -> json.replace("\"uncached_tokens\",\"own_attention_m\"", "\"uncached\",\"own_attention_m\"")));
        assertEquals("schema-mismatch", refusal.code());
        assertTrue(
                refusal.message().endsWith("lacks [uncached_tokens], has the unknown [uncached]"), refusal.message());
        // An earlier schema's columns need an earlier schema's hash.
        Refusal shorter = refusal(withManifest(json -> json.replace(",\"api\"]", "]")));
        assertTrue(shorter.message().endsWith("lacks [api], has the unknown []"), shorter.message());
    }

    @Test
    void anotherFormat() throws Exception {
        Refusal refusal = refusal(withManifest(json -> json.replace("\"format_version\":1", "\"format_version\":2")));
        assertEquals("manifest-invalid", refusal.code());
        assertTrue(refusal.message().contains("bundle format 2 is not the supported 1"), refusal.message());
    }

    @Test
    void aManifestThatIsNone() throws Exception {
        for (UnaryOperator<String> change : List.<UnaryOperator<String>>of(
                json -> "{}",
                json -> "null",
                json -> json + "{}",
                json -> json.replace("\"creator\"", "\"maker\""),
                json -> json.replace("\"pool\":\"chat\"", "\"pool\":\"../chat\""),
                json -> json.replace("\"quantiles\":[0.5,0.9]", "\"quantiles\":[0.5,0.95]"),
                json -> json.replace("\"TTFT\",\"TPOT\"", "\"TTFT\""))) {
            assertEquals("manifest-invalid", refusal(withManifest(change)).code());
        }
    }

    @Test
    void entriesAndManifestThatDisagree() throws Exception {
        Map<Part, byte[]> parts = parts();
        parts.put(Part.TRIBUO_TTFT, new byte[] {1});
        assertEquals(
                "archive entry 'tribuo-ttft.pb' is not in the manifest",
                refusal(ArchiveCodec.write(parts)).message());
        assertEquals(
                "archive entry 'evil' is in the manifest but not in the archive",
                refusal(withManifest(json -> json.replace("\"golden.pb\"", "\"evil\"")))
                        .message());
    }

    @Test
    void entriesThatDoNotBelong() throws IOException {
        assertEquals(
                "archive entry '../../etc/passwd' is unknown",
                refusal(zip("../../etc/passwd", 1)).message());
        assertEquals(
                "archive entry '?[2Jx' is unknown",
                refusal(zip("\u001b[2Jx", 1)).message());
        assertEquals(
                "archive entry 'signature' is larger than 64 bytes",
                refusal(zip("signature", 65)).message());
        assertEquals(
                "archive entry 'manifest.json' is missing",
                refusal(zip("golden.pb", 1)).message());
        assertEquals(
                "archive entry 'manifest.json' is missing", refusal(new byte[0]).message());
    }

    @Test
    void anEntryThatIsThereTwice() throws IOException {
        byte[] one = zip("golden.pb", 1);
        int entry = 30 + "golden.pb".length() + 1;
        byte[] two = new byte[one.length + entry];
        System.arraycopy(one, 0, two, 0, entry);
        System.arraycopy(one, 0, two, entry, one.length);
        assertEquals("archive entry 'golden.pb' is there twice", refusal(two).message());
    }

    @Test
    void aCompressedEntry() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("manifest.json"));
            zip.write(new byte[1000]);
        }
        assertEquals(
                "archive entry 'manifest.json' is compressed",
                refusal(bytes.toByteArray()).message());
    }

    @Test
    void goldenRowsThatDoNotHold() throws Exception {
        Map<Part, byte[]> parts = parts();
        byte[] predictor = SampleBundles.predictor(2).toByteArray();
        byte[] old = Objects.requireNonNull(parts.put(Part.PREDICTOR, predictor));
        byte[] bytes = withManifest(parts, json -> json.replace(Sha256.hex(old), Sha256.hex(predictor))
                .replace("\"bytes\":" + old.length, "\"bytes\":" + predictor.length));
        Refusal.GoldenMismatch mismatch = assertInstanceOf(Refusal.GoldenMismatch.class, refusal(bytes));
        assertEquals(0, mismatch.row());
        assertTrue(mismatch.message().startsWith("golden row 0: TTFT location is "), mismatch.message());
    }

    @Test
    void signaturesThatAreMissingOrSomebodyElses() throws Exception {
        KeyPair trusted = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        BundleReader strict = new BundleReader(TrustPolicy.signedBy(List.of(trusted.getPublic())));
        assertEquals(new Verification.Refused(new Refusal.SignatureMissing()), strict.verify(archive.bytes()));
        byte[] forged = BundleWriter.signingWith(new BundleSigner(other.getPrivate()))
                .write(SampleBundles.card("chat", 1), SampleBundles.predictor(1), SampleBundles.golden(1), Map.of())
                .bytes();
        assertEquals(new Verification.Refused(new Refusal.SignatureInvalid()), strict.verify(forged));
        assertInstanceOf(VerifiedBundle.class, reader.verify(forged));
    }

    private Map<Part, byte[]> parts() throws RefusedException {
        return ArchiveCodec.read(archive.bytes());
    }

    private byte[] withManifest(UnaryOperator<String> change) throws RefusedException {
        return withManifest(parts(), change);
    }

    private static byte[] withManifest(Map<Part, byte[]> parts, UnaryOperator<String> change) {
        String json = new String(Objects.requireNonNull(parts.get(Part.MANIFEST)), StandardCharsets.UTF_8);
        String changed = change.apply(json);
        assertTrue(!changed.equals(json), "the change changes nothing");
        parts.put(Part.MANIFEST, changed.getBytes(StandardCharsets.UTF_8));
        return ArchiveCodec.write(parts);
    }

    private Refusal refusal(byte[] bytes) {
        return assertInstanceOf(Verification.Refused.class, reader.verify(bytes))
                .refusal();
    }

    private static byte[] zip(String name, int size) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry(name);
            CRC32 crc = new CRC32();
            crc.update(new byte[size]);
            entry.setTimeLocal(java.time.LocalDateTime.of(2000, 1, 1, 0, 0));
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(size);
            entry.setCompressedSize(size);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(new byte[size]);
        }
        return bytes.toByteArray();
    }
}
