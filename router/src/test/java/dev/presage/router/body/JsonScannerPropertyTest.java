package dev.presage.router.body;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The scanner against Jackson: the same documents are valid, and the same is in them. */
class JsonScannerPropertyTest {
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"x\\n\\\"\"",
        "\"é😀\"",
        "0",
        "-1",
        "12.5e3",
        "1E-2",
        "1234567890123456789",
        "true",
        "false",
        "null",
        " ",
        "\n",
        "\"",
        "\\",
        "-",
        ".",
        "e",
        "01",
        "tru"
    };

    @Property(tries = 3000)
    void agreesOnMixturesOfItsOwnWords(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int piece) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        agrees(text.toString(), piece);
    }

    @Property(tries = 2000)
    void agreesOnDocumentsAndTheirDamage(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int piece) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(document(random, 4));
        for (int i = random.nextInt(3); i > 0; i--) {
            text.setCharAt(random.nextInt(text.length()), (char) (0x20 + random.nextInt(0x5F)));
        }
        agrees(text.toString(), piece);
    }

    private static String document(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 5)) {
            case 0 -> "\"a\\t\\u0041é" + random.nextInt(9) + "\"";
            case 1 -> String.valueOf(random.nextInt(100_000) / 100.0);
            case 2 -> "null";
            case 3 -> "[" + document(random, depth - 1) + " , " + document(random, depth - 1) + "]";
            default ->
                "{\"n\\u0061me\":" + document(random, depth - 1) + ",\"b\": " + document(random, depth - 1) + "}";
        };
    }

    private static void agrees(String text, int piece) {
        JsonOracle.agrees(text.getBytes(StandardCharsets.UTF_8), piece);
    }
}
