package dev.presage.router.request;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.io.Writer;
import java.util.Arrays;

/**
 * Prompt text on its way through, kept as nothing but its length in UTF-8 bytes and the XXH64 of every full block of {@link
 * #BLOCK_BYTES}. Not thread-safe. Bounded: blocks beyond {@link #MAX_BLOCKS} are counted as text but not hashed.
 */
final class PromptDigest extends Writer {
    /** Four bytes stand for a token, as in the contract's estimate. */
    static final int BYTES_PER_TOKEN = 4;

    static final int BLOCK_BYTES = InferenceRequest.BLOCK_TOKENS * BYTES_PER_TOKEN;

    /** A million tokens: the longest context that is served today. */
    static final int MAX_BLOCKS = 16_384;

    private static final Hasher64 XXH64 = Hashing.xxh64();
    private static final int REPLACEMENT = 0xFFFD;

    private final byte[] block = new byte[BLOCK_BYTES];
    private int filled;
    private long bytes;
    private long[] hashes = new long[16];
    private int count;
    private char high;

    static long hash(byte[] data, int length) {
        return XXH64.hashBytesToLong(data, 0, length);
    }

    @Override
    public void write(char[] chars, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            char c = chars[i];
            if (c < 0x80 && high == 0) {
                put(c);
            } else {
                wide(c);
            }
        }
    }

    private void wide(char c) {
        if (high != 0) {
            char first = high;
            high = 0;
            if (Character.isLowSurrogate(c)) {
                encode(Character.toCodePoint(first, c));
                return;
            }
            encode(REPLACEMENT);
        }
        if (Character.isHighSurrogate(c)) {
            high = c;
        } else {
            encode(Character.isLowSurrogate(c) ? REPLACEMENT : c);
        }
    }

    private void encode(int codePoint) {
        if (codePoint < 0x80) {
            put(codePoint);
        } else if (codePoint < 0x800) {
            put(0xC0 | codePoint >> 6);
            put(0x80 | codePoint & 0x3F);
        } else if (codePoint < 0x10000) {
            put(0xE0 | codePoint >> 12);
            put(0x80 | codePoint >> 6 & 0x3F);
            put(0x80 | codePoint & 0x3F);
        } else {
            put(0xF0 | codePoint >> 18);
            put(0x80 | codePoint >> 12 & 0x3F);
            put(0x80 | codePoint >> 6 & 0x3F);
            put(0x80 | codePoint & 0x3F);
        }
    }

    private void put(int b) {
        block[filled++] = (byte) b;
        if (filled == BLOCK_BYTES) {
            bytes += BLOCK_BYTES;
            filled = 0;
            if (count < MAX_BLOCKS) {
                if (count == hashes.length) {
                    hashes = Arrays.copyOf(hashes, 2 * count);
                }
                hashes[count++] = hash(block, BLOCK_BYTES);
            }
        }
    }

    /** A token id is its four little-endian bytes. */
    void tokenId(int id) {
        for (int shift = 0; shift < 32; shift += 8) {
            put(id >>> shift);
        }
    }

    /** {@code tokens} that the text does not show, told apart by {@code identity}. */
    void placeholder(long identity, int tokens) {
        tokenId((int) identity);
        tokenId((int) (identity >>> 32));
        for (int i = 2; i < tokens; i++) {
            tokenId(0);
        }
    }

    /** Ends a piece of text: half a surrogate pair has no other half to wait for. */
    void endText() {
        if (high != 0) {
            high = 0;
            encode(REPLACEMENT);
        }
    }

    /** UTF-8 bytes so far. */
    long bytes() {
        return bytes + filled;
    }

    /** Number of hashed full blocks. */
    int blocks() {
        return count;
    }

    /** XXH64 of the content of full block {@code index}. */
    long block(int index) {
        return hashes[index];
    }

    /** XXH64 of what has not filled a block; 0 when nothing is left over. */
    long rest() {
        return filled == 0 ? 0 : hash(block, filled);
    }

    /** One number for all of the text. */
    long identity() {
        long all = rest();
        for (int i = 0; i < count; i++) {
            all = all * 31 + hashes[i];
        }
        return all + bytes();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
