package dev.presage.router.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.metrics.RouterMetrics;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.Sha256;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.Alias;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad bundle at the router: refused for its own reason, counted under it, and the old model serves on. */
class RefusedBundleTest {
    private static final String MANIFEST = "manifest.json";

    @TempDir
    Path directory;

    private final RouterMetrics metrics = new RouterMetrics("test", "");
    private final BundleArchive good = Bundles.archive("p", 1);
    private final BundleArchive next = Bundles.archive("p", 2);
    private @Nullable ServingModel serving;
    private Incumbent incumbent;

    @BeforeEach
    void serveTheGoodOne() {
        incumbent = incumbent(TrustPolicy.anyone());
        incumbent.replace(good.id(), good.bytes());
        assertServesTheGoodOne();
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void aFlippedByte() throws IOException {
        Map<String, byte[]> entries = entries(next);
        Objects.requireNonNull(entries.get("predictor.pb"))[40] ^= 1;
        incumbent.replace(next.id(), zip(entries));
        assertRefused("digest-mismatch");
    }

    @Test
    void aWrongSchema() throws IOException {
        Map<String, byte[]> entries = entries(next);
        rewrite(entries, "\"uncached_tokens\",\"own_attention_m\"", "\"uncached\",\"own_attention_m\"");
        incumbent.replace(id(entries), zip(entries));
        assertRefused("schema-mismatch");
    }

    @Test
    void goldenRowsThatDoNotMatch() throws IOException {
        Map<String, byte[]> entries = entries(next);
        byte[] own = Objects.requireNonNull(entries.get("predictor.pb"));
        byte[] other = Objects.requireNonNull(entries(Bundles.archive("p", 3)).get("predictor.pb"));
        entries.put("predictor.pb", other);
        rewrite(entries, Sha256.hex(own), Sha256.hex(other));
        incumbent.replace(id(entries), zip(entries));
        assertRefused("golden-mismatch");
    }

    @Test
    void aMissingSignatureWhereOneIsRequired() throws Exception {
        var trusted = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        Incumbent strict = incumbent(TrustPolicy.signedBy(List.of(trusted)));
        strict.replace(next.id(), next.bytes());
        assertRefused("signature-missing");
    }

    private Incumbent incumbent(TrustPolicy trust) {
        return new Incumbent(
                "p",
                Alias.CHAMPION,
                new BundleReader(trust),
                new KeptBundle(directory, Alias.CHAMPION),
                model -> serving = model,
                metrics.models());
    }

    private void assertRefused(String reason) {
        assertServesTheGoodOne();
        String sample = "presage_model_refusals_total{reason=\"" + reason + "\"} 1.0";
        assertTrue(metrics.page().contains(sample), sample);
        assertTrue(metrics.page().contains("presage_bundle_info{bundle_id=\"" + good.id() + "\"} 1"));
    }

    private void assertServesTheGoodOne() {
        assertEquals(good.id().value(), serving == null ? "nothing" : serving.bundleId());
    }

    private static void rewrite(Map<String, byte[]> entries, String text, String by) {
        String json = new String(Objects.requireNonNull(entries.get(MANIFEST)), StandardCharsets.UTF_8);
        assertTrue(json.contains(text), text);
        entries.put(MANIFEST, json.replace(text, by).getBytes(StandardCharsets.UTF_8));
    }

    private static BundleId id(Map<String, byte[]> entries) {
        return BundleId.parse("sha256-" + Sha256.hex(Objects.requireNonNull(entries.get(MANIFEST))));
    }

    private static Map<String, byte[]> entries(BundleArchive archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive.bytes()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        }
        return entries;
    }

    /** As the bundle's writer does it: stored, with its one time. */
    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> part : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(part.getKey());
                CRC32 crc = new CRC32();
                crc.update(part.getValue());
                entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
                entry.setSize(part.getValue().length);
                entry.setCompressedSize(part.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(part.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
