package dev.presage.store.registry;

import dev.presage.store.bundle.StoreJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A pool's audit log where objects cannot be appended to: {@value #SEGMENT} entries an object, numbered, the last of them written anew with
 * each entry, and only over what was read.
 */
final class AuditSegments implements AuditLog {
    private static final int SEGMENT = 100;
    private static final int MAX_BYTES = 64 << 20;
    private static final int ATTEMPTS = 5;

    private final ObjectBucket bucket;
    private final String prefix;

    AuditSegments(ObjectBucket bucket, String prefix) {
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** Does nothing when it is there. */
    @Override
    public void append(AuditEntry entry) throws IOException {
        String key = "%s%09d.jsonl".formatted(prefix, (entry.sequence() - 1) / SEGMENT);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ObjectBucket.Stored stored = bucket.get(key, MAX_BYTES).orElse(null);
            byte[] known = stored == null ? new byte[0] : stored.bytes();
            boolean isThere = entries(known).stream().anyMatch(old -> old.sequence() == entry.sequence());
            if (isThere
                    || (stored == null
                                    ? bucket.create(key, with(known, entry))
                                    : bucket.replace(key, with(known, entry), stored.tag()))
                            .isPresent()) {
                return;
            }
        }
        throw new IOException(bucket + "/" + key + " is changed by somebody else all the time");
    }

    @Override
    public void heal(AuditEntry committed) throws IOException {
        append(committed);
    }

    @Override
    public List<AuditEntry> newest(int limit) throws IOException {
        List<AuditEntry> newest = new ArrayList<>();
        for (ObjectBucket.Listed segment : bucket.list(prefix).reversed()) {
            if (newest.size() >= limit) {
                break;
            }
            byte[] lines = bucket.get(segment.key(), MAX_BYTES)
                    .map(ObjectBucket.Stored::bytes)
                    .orElse(new byte[0]);
            newest.addAll(entries(lines).reversed());
        }
        return List.copyOf(newest.subList(0, Math.min(limit, newest.size())));
    }

    private static byte[] with(byte[] known, AuditEntry entry) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(known.length + 1_000);
        lines.writeBytes(known);
        lines.writeBytes(StoreJson.write(entry));
        lines.write('\n');
        return lines.toByteArray();
    }

    private List<AuditEntry> entries(byte[] lines) throws IOException {
        try {
            return new String(lines, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> StoreJson.read(line.getBytes(StandardCharsets.UTF_8), AuditEntry.class))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IOException(bucket + "/" + prefix + " is damaged: " + e.getMessage(), e);
        }
    }
}
