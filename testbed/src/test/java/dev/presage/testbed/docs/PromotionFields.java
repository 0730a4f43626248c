package dev.presage.testbed.docs;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.promotion.PromotionPolicy;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The fields of a pool's promotion policy, as the store reads them; a bound is what it says when it refuses. */
final class PromotionFields {
    private static final String FAR = "-1000000000";
    private static final Pattern WANT = Pattern.compile("(?s).*want ([^\\n]+).*");
    private static final Pattern BOUND = Pattern.compile("(at least|more than|at most|less than) (\\S+?),?(?= |$)");
    private static final Pattern RANGE = Pattern.compile("(\\S+) to (\\S+)");

    private final Path directory;

    PromotionFields(Path directory) {
        this.directory = directory;
    }

    /** Rows of a table: field, what it takes, default. */
    String rows() throws Exception {
        StringBuilder rows = new StringBuilder();
        PromotionPolicy policy = read("{}");
        for (RecordComponent field : PromotionPolicy.class.getRecordComponents()) {
            Object value = field.getAccessor().invoke(policy);
            rows.append("| `%s` | %s | `%s` |\n"
                    .formatted(name(field), form(field), value.toString().toLowerCase(Locale.ROOT)));
        }
        return rows.toString();
    }

    /** Tries each bound: the nearest value within is taken, the nearest beyond refused with field and bound. */
    int checkedBounds() throws Exception {
        int fields = 0;
        for (RecordComponent field : PromotionPolicy.class.getRecordComponents()) {
            if (field.getType().isEnum()) {
                continue;
            }
            String want = want(field);
            BigDecimal step = field.getType() == double.class ? new BigDecimal("0.000001") : BigDecimal.ONE;
            Matcher range = RANGE.matcher(want);
            String bounds =
                    range.matches() ? "at least %s, at most %s".formatted(range.group(1), range.group(2)) : want;
            Matcher bound = BOUND.matcher(bounds);
            boolean found = false;
            while (bound.find()) {
                found = true;
                BigDecimal at = new BigDecimal(bound.group(2));
                BigDecimal outwards = List.of("at least", "more than").contains(bound.group(1)) ? step.negate() : step;
                boolean included = bound.group(1).startsWith("at");
                read(document(field, included ? at : at.subtract(outwards)));
                String refusal = refusal(field, (included ? at.add(outwards) : at).toPlainString());
                assertTrue(refusal.contains(name(field) + " is") && refusal.endsWith("want " + want), refusal);
            }
            assertTrue(found, name(field) + " has no bound: " + want);
            fields++;
        }
        return fields;
    }

    private String form(RecordComponent field) throws Exception {
        if (field.getType().isEnum()) {
            String words = Arrays.stream(field.getType().getEnumConstants())
                    .map(word -> word.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "));
            String refusal = refusal(field, "sometimes");
            assertTrue(refusal.contains(name(field)), refusal);
            return "one of " + words;
        }
        return (field.getType() == double.class ? "number, " : "integer, ") + want(field);
    }

    private String want(RecordComponent field) throws Exception {
        String refusal = refusal(field, FAR);
        Matcher want = WANT.matcher(refusal);
        assertTrue(want.matches(), refusal);
        return want.group(1);
    }

    private String refusal(RecordComponent field, String value) {
        return String.valueOf(assertThrows(IOException.class, () -> read("%s: %s".formatted(name(field), value)))
                .getMessage());
    }

    private static String document(RecordComponent field, BigDecimal value) {
        return "%s: %s".formatted(name(field), value.toPlainString());
    }

    private static String name(RecordComponent field) {
        return field.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private PromotionPolicy read(String text) throws IOException {
        Files.writeString(directory.resolve("pool.yaml"), text);
        return new PolicyFiles(directory).of("pool").orElseThrow();
    }
}
