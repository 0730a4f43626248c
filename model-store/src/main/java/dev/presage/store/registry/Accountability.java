package dev.presage.store.registry;

import java.util.Map;

/** Bounds on what goes into the audit log. */
final class Accountability {
    /** As the pattern in the interface's document has it. */
    private static final String BLANK = " \t\n\u000b\f\r";

    private Accountability() {}

    static void require(String actor, String reason, Map<String, String> evidence) {
        require("actor", actor, 200);
        require("reason", reason, 2000);
        if (evidence.size() > 50) {
            throw new IllegalArgumentException("evidence has " + evidence.size() + " entries, at most 50 are kept");
        }
        evidence.forEach((name, value) -> {
            if (length(name) > 200 || length(value) > 1000) {
                throw new IllegalArgumentException(
                        "evidence '" + name + "' is longer than 200 characters, or its value than 1000");
            }
        });
    }

    private static void require(String field, String text, int most) {
        if (text.chars().allMatch(character -> BLANK.indexOf(character) >= 0) || length(text) > most) {
            throw new IllegalArgumentException(field + " must have 1.." + most + " characters, has " + length(text));
        }
    }

    /** As JSON Schema counts. */
    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
