package dev.presage.store.registry;

import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code audit.jsonl} of a pool: only ever appended to. Grows by a few hundred bytes with each publication or move and is the operator's
 * to archive.
 */
final class AuditFile implements AuditLog {
    /** More than the longest line: 50 entries of evidence of 1,000 characters, escaped. */
    private static final int TAIL_BYTES = 1 << 20;

    private final Path file;
    private final FileOperations files;

    AuditFile(Path file, FileOperations files) {
        this.file = file;
        this.files = files;
    }

    @Override
    public void append(AuditEntry entry) throws IOException {
        byte[] json = StoreJson.write(entry);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        files.append(file, line);
    }

    @Override
    public List<AuditEntry> newest(int limit) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        int bytes = TAIL_BYTES / 16;
        while (true) {
            byte[] tail = tail(bytes);
            List<AuditEntry> entries = newest(tail, limit);
            // The first line of a tail may be cut; it was left out.
            if (entries.size() == limit || tail.length < bytes) {
                return entries;
            }
            bytes = Math.multiplyExact(bytes, 4);
        }
    }

    private List<AuditEntry> newest(byte[] tail, int limit) throws IOException {
        boolean whole = tail.length == Files.size(file);
        List<AuditEntry> entries = new ArrayList<>();
        int end = lastLineEnd(tail, tail.length);
        while (end > 0 && entries.size() < limit) {
            int start = lastLineEnd(tail, end - 1);
            if (start == 0 && !whole) {
                break;
            }
            entries.add(StoreJson.read(Arrays.copyOfRange(tail, start, end - 1), AuditEntry.class));
            end = start;
        }
        return entries;
    }

    /** Cuts a line that was not finished, too. */
    @Override
    public void heal(AuditEntry committed) throws IOException {
        byte[] tail = tail(TAIL_BYTES);
        int end = lastLineEnd(tail, tail.length);
        if (end < tail.length) {
            files.truncate(file, Files.size(file) - (tail.length - end));
        }
        if (lastSequence(tail, end) < committed.sequence()) {
            append(committed);
        }
    }

    private static long lastSequence(byte[] tail, int end) throws IOException {
        if (end == 0) {
            return 0;
        }
        int start = lastLineEnd(tail, end - 1);
        String line = new String(tail, start, end - 1 - start, StandardCharsets.UTF_8);
        try {
            return StoreJson.read(line.getBytes(StandardCharsets.UTF_8), AuditEntry.class)
                    .sequence();
        } catch (IllegalArgumentException e) {
            throw new IOException("last line of the audit log is damaged: " + e.getMessage(), e);
        }
    }

    /** Position behind the last line end before {@code limit}; 0 when there is none. */
    private static int lastLineEnd(byte[] bytes, int limit) {
        int at = limit;
        while (at > 0 && bytes[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    private byte[] tail(int most) throws IOException {
        if (!Files.exists(file)) {
            return new byte[0];
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            int length = (int) Math.min(most, access.length());
            byte[] tail = new byte[length];
            access.seek(access.length() - length);
            access.readFully(tail);
            return tail;
        }
    }
}
