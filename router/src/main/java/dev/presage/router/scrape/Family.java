package dev.presage.router.scrape;

import java.nio.charset.StandardCharsets;

/**
 * One metric family that is read: its name and, for families that hold several things, the label that a sample must carry.
 *
 * @param name ASCII bytes of the family's name
 * @param label name of the label to match, empty for any sample
 * @param value its value
 */
record Family(Role role, byte[] name, byte[] label, byte[] value) {
    static Family of(Role role, String name) {
        return of(role, name, "", "");
    }

    static Family of(Role role, String name, String label, String value) {
        return new Family(role, bytes(name), bytes(label), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
