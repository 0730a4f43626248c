package dev.presage.router.request;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;

/**
 * Prompt text on its way through, kept as nothing but its length in UTF-8 bytes and the XXH64 of every full block of {@link
 * #BLOCK_BYTES}. Not thread-safe. Bounded: blocks beyond {@link #MAX_BLOCKS} are counted as text but not hashed.
 */
final class PromptDigest {
    /** Four bytes stand for a token, as in the contract's estimate. */
    static final int BYTES_PER_TOKEN = 4;

    static final int BLOCK_BYTES = InferenceRequest.BLOCK_TOKENS * BYTES_PER_TOKEN;

    /** A million tokens: the longest context that is served today. */
    static final int MAX_BLOCKS = 16_384;

    private static final Hasher64 XXH64 = Hashing.xxh64();

    private final byte[] block = new byte[BLOCK_BYTES];
    private int filled;
    private long bytes;
    private long[] hashes = new long[16];
    private int count;

    static long hash(byte[] data, int length) {
        return XXH64.hashBytesToLong(data, 0, length);
    }

    /** Takes text as UTF-8, wherever characters are cut. */
    void text(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to) {
            int some = Math.min(to - at, BLOCK_BYTES - filled);
            System.arraycopy(utf8, at, block, filled, some);
            at += some;
            filled += some;
            if (filled == BLOCK_BYTES) {
                blockEnded();
            }
        }
    }

    private void put(int b) {
        block[filled++] = (byte) b;
        if (filled == BLOCK_BYTES) {
            blockEnded();
        }
    }

    private void blockEnded() {
        bytes += BLOCK_BYTES;
        filled = 0;
        if (count < MAX_BLOCKS) {
            if (count == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * count);
            }
            hashes[count++] = hash(block, BLOCK_BYTES);
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
}
