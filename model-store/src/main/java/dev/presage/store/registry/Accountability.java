package dev.presage.store.registry;

import java.util.Map;

/** Bounds on what goes into the audit log. */
final class Accountability {
    private Accountability() {}

    static void require(String actor, String reason, Map<String, String> evidence) {
        if (actor.isBlank() || actor.length() > 200) {
            throw new IllegalArgumentException("actor must have 1..200 characters, has " + actor.length());
        }
        if (reason.isBlank() || reason.length() > 2000) {
            throw new IllegalArgumentException("reason must have 1..2000 characters, has " + reason.length());
        }
        if (evidence.size() > 50) {
            throw new IllegalArgumentException("evidence has " + evidence.size() + " entries, at most 50 are kept");
        }
        evidence.forEach((name, value) -> {
            if (name.length() + value.length() > 1000) {
                throw new IllegalArgumentException("evidence '" + name + "' is longer than 1000 characters");
            }
        });
    }
}
