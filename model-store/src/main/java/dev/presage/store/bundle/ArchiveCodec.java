package dev.presage.store.bundle;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Parts to archive bytes and back. Entries are stored, not compressed, in the order of {@link Part} and with one fixed time, so the same
 * parts always give the same bytes; reading accepts only those bytes.
 */
final class ArchiveCodec {
    static final int MAX_BYTES =
            Arrays.stream(Part.values()).mapToInt(part -> part.maxBytes).sum() + 4096;

    /** Not the first instant of 1980: for that, ZipEntry adds a field that depends on the time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

    private ArchiveCodec() {}

    static byte[] write(Map<Part, byte[]> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size(parts));
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<Part, byte[]> part : new EnumMap<>(parts).entrySet()) {
                ZipEntry entry = new ZipEntry(part.getKey().entry);
                CRC32 crc = new CRC32();
                crc.update(part.getValue());
                entry.setTimeLocal(TIME);
                entry.setSize(part.getValue().length);
                entry.setCompressedSize(part.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(part.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    static Map<Part, byte[]> read(byte[] archive) throws RefusedException {
        if (archive.length > MAX_BYTES) {
            throw malformed(archive.length + " bytes are more than the " + MAX_BYTES + " allowed");
        }
        Map<Part, byte[]> parts = new EnumMap<>(Part.class);
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                readEntry(zip, entry, parts);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
        for (Part part : Part.values()) {
            if (part.required && !parts.containsKey(part)) {
                throw refused(part.entry, "is missing");
            }
        }
        // Settles whatever a lenient ZIP reader skips: order, times, comments, extra fields, the directory, trailing
        // bytes.
        if (!Arrays.equals(archive, write(parts))) {
            throw malformed("its bytes are not the ones that these entries are written as");
        }
        return parts;
    }

    private static void readEntry(ZipInputStream zip, ZipEntry entry, Map<Part, byte[]> parts)
            throws IOException, RefusedException {
        String name = printable(entry.getName());
        Part part = Part.ofEntry(entry.getName()).orElseThrow(() -> refused(name, "is unknown"));
        if (parts.containsKey(part)) {
            throw refused(name, "is there twice");
        }
        if (entry.getMethod() != ZipEntry.STORED) {
            throw refused(name, "is compressed");
        }
        byte[] bytes = zip.readNBytes(part.maxBytes + 1);
        if (bytes.length > part.maxBytes) {
            throw refused(name, "is larger than " + part.maxBytes + " bytes");
        }
        parts.put(part, bytes);
    }

    private static int size(Map<Part, byte[]> parts) {
        return parts.values().stream().mapToInt(bytes -> bytes.length).sum() + 1024;
    }

    /** A hostile name must not reach a terminal or a log as it is. */
    private static String printable(String name) {
        String shown = name.length() > 64 ? name.substring(0, 64) + "..." : name;
        return shown.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static RefusedException malformed(String problem) {
        return new RefusedException(new Refusal.ArchiveMalformed(problem));
    }

    private static RefusedException refused(String entry, String problem) {
        return new RefusedException(new Refusal.EntryRefused(entry, problem));
    }
}
