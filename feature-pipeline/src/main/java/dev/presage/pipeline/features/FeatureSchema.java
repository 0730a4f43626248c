package dev.presage.pipeline.features;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The identity of the feature row. Columns are only ever appended, so that an earlier schema is a beginning of this one: rows of its
 * samples are taken for rows in which the later columns are 0, and its bundles look at no later column. A bundle of any other
 * schema is refused, a sample of one is not learned from. Thread-safe, constant.
 */
public final class FeatureSchema {
    /** Columns of a row. */
    public static final int SIZE = Feature.values().length;

    /** First 16 hex digits of the SHA-256 of the ordered column keys. */
    public static final String HASH = hash(SIZE);

    /** Columns of the first schema. */
    private static final int FIRST_SIZE = 15;

    private static final Map<String, Integer> KNOWN = IntStream.rangeClosed(FIRST_SIZE, SIZE)
            .boxed()
            .collect(Collectors.toMap(FeatureSchema::hash, size -> size));

    private FeatureSchema() {}

    /** The column keys in row order. */
    public static List<String> keys() {
        return Arrays.stream(Feature.values()).map(Feature::key).toList();
    }

    /** Columns of the schema with that hash: this one or an earlier one; -1 for one that is neither. */
    public static int columns(String hash) {
        return KNOWN.getOrDefault(hash, -1);
    }

    /** A logged row of this or an earlier schema as one of this schema. */
    public static float[] row(List<Float> logged) {
        float[] row = new float[SIZE];
        for (int i = 0; i < logged.size(); i++) {
            row[i] = logged.get(i);
        }
        return row;
    }

    private static String hash(int size) {
        String text =
                Arrays.stream(Feature.values()).limit(size).map(Feature::key).collect(Collectors.joining(","));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
