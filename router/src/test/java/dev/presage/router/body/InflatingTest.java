package dev.presage.router.body;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

public class InflatingTest {
    private static final long PLENTY = 1 << 20;

    @Property(tries = 200)
    void gzipComesBackHoweverItIsCut(
            @ForAll @Size(max = 3000) byte[] bytes, @ForAll @IntRange(min = 1, max = 99) int piece) {
        assertArrayEquals(bytes, inflated("gzip", gzip(bytes), piece, PLENTY));
        assertArrayEquals(bytes, inflated("deflate", deflate(bytes, false), piece, PLENTY));
        assertArrayEquals(bytes, inflated("Deflate", deflate(bytes, true), piece, PLENTY));
    }

    @Property(tries = 500)
    void nonsenseIsNeverWhole(@ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(min = 1, max = 99) int piece) {
        byte[] started = Arrays.copyOf(new byte[] {0x1f, (byte) 0x8b, 8, 31}, 4 + bytes.length);
        System.arraycopy(bytes, 0, started, 4, bytes.length);
        feed("gzip", bytes, piece, PLENTY);
        feed("gzip", started, piece, PLENTY);
        feed("deflate", bytes, piece, PLENTY);
    }

    @Test
    void readsOptionalHeaderFieldsAndSeveralMembers() {
        byte[] member = gzip("one".getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 0});
        all.writeBytes(new byte[] {2, 0, 7, 7, 'n', 0, 'c', 0, 1, 2});
        all.write(member, 10, member.length - 10);
        all.writeBytes(member);
        for (int piece : new int[] {1, 3, 1000}) {
            assertEquals(
                    "oneone",
                    new String(inflated("x-gzip", all.toByteArray(), piece, PLENTY), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void aCutOrDamagedBodyIsNotComplete() {
        byte[] whole = gzip("hello hello hello".getBytes(StandardCharsets.US_ASCII));
        assertFalse(
                feed("gzip", Arrays.copyOf(whole, whole.length - 1), 5, PLENTY).complete());
        assertFalse(feed("gzip", Arrays.copyOf(whole, 10), 5, PLENTY).complete());
        whole[1] = 0;
        assertTrue(feed("gzip", whole, 5, PLENTY).broken());
    }

    @Test
    void aBombStopsAtItsBound() {
        byte[] bomb = gzip(new byte[50_000_000]);
        assertTrue(bomb.length < 60_000);
        long[] seen = {0};
        Inflating inflating = Inflating.of("gzip", 100_000).orElseThrow();
        inflating.feed(ByteBuffer.wrap(bomb), (bytes, from, to) -> seen[0] += to - from);
        assertTrue(inflating.broken());
        assertTrue(seen[0] <= 100_000 + 8192, seen[0] + " bytes");
    }

    @Test
    void otherCodingsAreNotUndone() {
        assertTrue(Inflating.of("zstd", PLENTY).isEmpty());
        assertTrue(Inflating.of("gzip, gzip", PLENTY).isEmpty());
        assertTrue(Inflating.isIdentity(" Identity"));
    }

    private static byte[] inflated(String encoding, byte[] bytes, int piece, long most) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Inflating inflating = feed(encoding, bytes, piece, most, out);
        assertTrue(inflating.complete());
        return out.toByteArray();
    }

    private static Inflating feed(String encoding, byte[] bytes, int piece, long most) {
        return feed(encoding, bytes, piece, most, new ByteArrayOutputStream());
    }

    private static Inflating feed(String encoding, byte[] bytes, int piece, long most, ByteArrayOutputStream out) {
        Inflating inflating = Inflating.of(encoding, most).orElseThrow();
        for (int at = 0; at < bytes.length; at += piece) {
            ByteBuffer chunk = ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at));
            inflating.feed(chunk.asReadOnlyBuffer(), (some, from, to) -> out.write(some, from, to - from));
        }
        return inflating;
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] bytes, boolean raw) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream deflate = new DeflaterOutputStream(out, new Deflater(9, raw))) {
            deflate.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
