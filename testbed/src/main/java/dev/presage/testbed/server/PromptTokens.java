package dev.presage.testbed.server;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.SimRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The simulated tokenizer: four UTF-8 bytes are one token, each message is padded to whole tokens and role names are not
 * counted. So a single chat message has as many tokens as the same text as a prompt, and an answer sent back in the next
 * turn lines up with the blocks it was generated into.
 *
 * <p>The answer is a pure function of the prompt, three letters and a space for each token.
 */
final class PromptTokens {
    private static final int TOKEN_BYTES = 4;
    private static final int BLOCK_BYTES = TOKEN_BYTES * EngineProfile.BLOCK_TOKENS;
    private static final Hasher64 HASHER = Hashing.xxh3_64();

    private final byte[] prompt;

    PromptTokens(List<String> messages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String message : messages) {
            byte[] text = message.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(text);
            bytes.writeBytes(new byte[Math.floorMod(-text.length, TOKEN_BYTES)]);
        }
        prompt = bytes.toByteArray();
    }

    int count() {
        return prompt.length / TOKEN_BYTES;
    }

    /** Seed of the answer. */
    long seed() {
        return HASHER.hashBytesToLong(prompt);
    }

    /** Text of the answer's token at this place. */
    static String text(long seed, int place) {
        byte[] token = new byte[TOKEN_BYTES];
        write(seed, place, token, 0);
        return new String(token, StandardCharsets.US_ASCII);
    }

    /** The engine's view: hashes over the prompt and the answer to come. */
    SimRequest request(String id, int outputTokens, String adapter) {
        long seed = seed();
        byte[] all = Arrays.copyOf(prompt, prompt.length + outputTokens * TOKEN_BYTES);
        for (int i = 0; i < outputTokens; i++) {
            write(seed, i, all, prompt.length + i * TOKEN_BYTES);
        }
        long[] hashes = new long[all.length / BLOCK_BYTES];
        long chain = 0;
        for (int i = 0; i < hashes.length; i++) {
            chain = Long.rotateLeft(chain, 23) * 0x9E3779B97F4A7C15L
                    ^ HASHER.hashBytesToLong(all, i * BLOCK_BYTES, BLOCK_BYTES);
            hashes[i] = chain;
        }
        return new SimRequest(id, hashes, count(), outputTokens, adapter);
    }

    private static void write(long seed, int place, byte[] target, int offset) {
        long bits = (seed + place) * 0x9E3779B97F4A7C15L >>> 24;
        for (int i = 0; i < TOKEN_BYTES - 1; i++) {
            target[offset + i] = (byte) ('a' + bits % 26);
            bits /= 26;
        }
        target[offset + TOKEN_BYTES - 1] = ' ';
    }
}
