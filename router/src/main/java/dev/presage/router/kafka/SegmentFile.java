package dev.presage.router.kafka;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The frames of one spool file: length, CRC-32C of the body, body (kind, key length, key, value). Reading stops at the first
 * frame that is cut or wrong.
 */
final class SegmentFile {
    static final int HEADER_BYTES = 2 * Integer.BYTES;
    private static final int FIXED_BODY = Byte.BYTES + Short.BYTES;

    private SegmentFile() {}

    /** What a file holds, and whether it ends in a frame that cannot be read. */
    record Content(List<LogRecord> records, boolean torn) {}

    static ByteBuffer frame(LogRecord record) {
        int body = FIXED_BODY + record.bytes();
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + body);
        frame.putInt(body).putInt(0);
        frame.put((byte) record.kind().ordinal())
                .putShort((short) record.key().length)
                .put(record.key())
                .put(record.value());
        frame.putInt(Integer.BYTES, crc(frame.array(), HEADER_BYTES, body));
        return frame.flip();
    }

    static Content read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        List<LogRecord> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            if (bytes.remaining() < HEADER_BYTES) {
                return new Content(records, true);
            }
            int length = bytes.getInt();
            int crc = bytes.getInt();
            boolean whole = length >= FIXED_BODY && length <= bytes.remaining();
            if (!whole || crc(bytes.array(), bytes.position(), length) != crc) {
                return new Content(records, true);
            }
            try {
                records.add(record(bytes.slice(bytes.position(), length)));
            } catch (BufferUnderflowException | ArrayIndexOutOfBoundsException | NegativeArraySizeException e) {
                return new Content(records, true);
            }
            bytes.position(bytes.position() + length);
        }
        return new Content(records, false);
    }

    private static LogRecord record(ByteBuffer body) {
        EventKind kind = EventKind.values()[body.get()];
        byte[] key = new byte[Short.toUnsignedInt(body.getShort())];
        body.get(key);
        byte[] value = new byte[body.remaining()];
        body.get(value);
        return new LogRecord(kind, key, value);
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
