package dev.presage.pipeline.features;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The identity of the feature row: a bundle trained on another schema is refused, a sample of another schema is not
 * learned from. Thread-safe, constant.
 */
public final class FeatureSchema {
    /** Columns of a row. */
    public static final int SIZE = Feature.values().length;

    /** First 16 hex digits of the SHA-256 of the ordered column keys. */
    public static final String HASH = hash();

    private FeatureSchema() {}

    /** The column keys in row order. */
    public static List<String> keys() {
        return Arrays.stream(Feature.values()).map(Feature::key).toList();
    }

    private static String hash() {
        String text = Arrays.stream(Feature.values()).map(Feature::key).collect(Collectors.joining(","));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
