package dev.presage.store.registry;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The registry's objects: {@code bundles/ID.zip}, {@code evidence/SHA256.json}, {@code pools/POOL/state.json}, {@code
 * pools/POOL/audit/N.jsonl}. An object is written whole or not at all, so there are no drafts.
 */
final class BucketStorage implements Storage {
    private static final int MAX_STATE = 64 << 20;
    /** A report that no version names may be about to be named by another process. */
    private static final Duration EVIDENCE_GRACE = Duration.ofHours(1);

    private static final Pattern BUNDLE = Pattern.compile("bundles/(sha256-[0-9a-f]{64})\\.zip");
    private static final Pattern EVIDENCE = Pattern.compile("evidence/([0-9a-f]{64})\\.json");
    private static final Pattern POOL = Pattern.compile("pools/([^/]+)/state\\.json");

    private final ObjectBucket bucket;
    private final InstantSource clock;
    /** Of each pool's state as last read or written; used by one writer at a time. */
    private final Map<String, String> tags = new HashMap<>();

    BucketStorage(ObjectBucket bucket, InstantSource clock) {
        this.bucket = bucket;
        this.clock = clock;
    }

    @Override
    public void clean() {
        // Nothing is ever half written.
    }

    @Override
    public List<String> poolNames() throws IOException {
        return names("pools/", POOL, Long.MAX_VALUE);
    }

    @Override
    public Optional<PoolRecord> readPool(String pool) throws IOException {
        String key = stateKey(pool);
        ObjectBucket.Stored stored = bucket.get(key, MAX_STATE).orElse(null);
        if (stored == null) {
            tags.remove(pool);
            return Optional.empty();
        }
        tags.put(pool, stored.tag());
        try {
            return Optional.of(StoreJson.read(stored.bytes(), PoolRecord.class));
        } catch (IllegalArgumentException e) {
            throw new IOException(bucket + "/" + key + " is damaged: " + e.getMessage(), e);
        }
    }

    @Override
    public void writePool(PoolRecord pool) throws IOException {
        String name = pool.state().pool();
        String key = stateKey(name);
        byte[] bytes = StoreJson.write(pool);
        String known = tags.get(name);
        Optional<String> written = known == null ? bucket.create(key, bytes) : bucket.replace(key, bytes, known);
        tags.put(name, written.isPresent() ? written.get() : ownTag(name, bytes));
    }

    /** A write whose answer was lost is sent again, and then finds itself in its way. */
    private String ownTag(String pool, byte[] bytes) throws IOException {
        return bucket.get(stateKey(pool), MAX_STATE)
                .filter(stored -> Arrays.equals(stored.bytes(), bytes))
                .orElseThrow(() -> new LostRaceException(pool))
                .tag();
    }

    @Override
    public AuditLog audit(String pool) {
        return new AuditSegments(bucket, "pools/" + pool + "/audit/");
    }

    @Override
    public List<BundleId> bundleIds() throws IOException {
        return names("bundles/", BUNDLE, Long.MAX_VALUE).stream()
                .map(BundleId::parse)
                .toList();
    }

    @Override
    public Optional<byte[]> readBundle(BundleId bundle) throws IOException {
        return bucket.get(bundleKey(bundle), BundleArchive.MAX_BYTES + 1).map(ObjectBucket.Stored::bytes);
    }

    /** One that is there already has the same content: its name says so. */
    @Override
    public void writeBundle(BundleId bundle, byte[] archive) throws IOException {
        bucket.create(bundleKey(bundle), archive);
    }

    @Override
    public void deleteBundle(BundleId bundle) throws IOException {
        bucket.delete(bundleKey(bundle));
    }

    @Override
    public Optional<EvidenceReport> readEvidence(String digest) throws IOException {
        try {
            return bucket.get(evidenceKey(digest), EvidenceReport.MAX_CHARS * 4)
                    .map(stored -> new EvidenceReport(new String(stored.bytes(), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new IOException(bucket + "/" + evidenceKey(digest) + " is damaged: " + e.getMessage(), e);
        }
    }

    @Override
    public void writeEvidence(EvidenceReport report) throws IOException {
        bucket.create(evidenceKey(report.digest()), report.json().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<String> evidenceDigests() throws IOException {
        return names("evidence/", EVIDENCE, clock.millis() - EVIDENCE_GRACE.toMillis());
    }

    @Override
    public void deleteEvidence(String digest) throws IOException {
        bucket.delete(evidenceKey(digest));
    }

    private List<String> names(String prefix, Pattern pattern, long writtenBeforeMs) throws IOException {
        return bucket.list(prefix).stream()
                .filter(listed -> listed.writtenAtMs() < writtenBeforeMs)
                .map(listed -> pattern.matcher(listed.key()))
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .toList();
    }

    private static String stateKey(String pool) {
        return "pools/" + pool + "/state.json";
    }

    private static String bundleKey(BundleId bundle) {
        return "bundles/" + bundle.value() + ".zip";
    }

    private static String evidenceKey(String digest) {
        return "evidence/" + digest + ".json";
    }
}
