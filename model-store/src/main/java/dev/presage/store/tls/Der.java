package dev.presage.store.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The few ASN.1 values that a certificate is made of, in their distinguished encoding (ITU-T X.690). */
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_ID = 0x06;
    static final int UTF8_STRING = 0x0c;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final int LONG_LENGTH = 0x80;
    /** RFC 5280, 4.1.2.5: years before it are written with two digits. */
    private static final int FOUR_DIGITS_FROM = 2050;

    private static final DateTimeFormatter TWO_DIGITS = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter FOUR_DIGITS = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private Der() {}

    /** One value: its tag, its length, and the encodings of what it holds. */
    static byte[] value(int tag, byte[]... content) {
        int length = 0;
        for (byte[] part : content) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < LONG_LENGTH) {
            out.write(length);
        } else {
            int bytes = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
            out.write(LONG_LENGTH | bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
        for (byte[] part : content) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** {@code [number]} around whole values. */
    static byte[] tagged(int number, byte[] content) {
        return value(CONTEXT | CONSTRUCTED | number, content);
    }

    /** {@code [number]} in place of the content's own tag. */
    static byte[] implicit(int number, byte[] content) {
        return value(CONTEXT | number, content);
    }

    /** A bit string of whole bytes. */
    static byte[] bits(byte[] content) {
        return value(BIT_STRING, new byte[] {0}, content);
    }

    static byte[] time(Instant at) {
        var utc = at.atOffset(ZoneOffset.UTC);
        boolean late = utc.getYear() >= FOUR_DIGITS_FROM;
        return value(
                late ? GENERALIZED_TIME : UTC_TIME,
                (late ? FOUR_DIGITS : TWO_DIGITS).format(utc).getBytes(StandardCharsets.US_ASCII));
    }
}
