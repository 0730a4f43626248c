package dev.presage.router.request;

import java.util.OptionalLong;

/** A duration that a header states: whole milliseconds up to an hour. What is anything else says nothing. */
public final class HeaderMs {
    private static final long MAX_MS = 3_600_000;
    private static final int MAX_DIGITS = 7;

    private HeaderMs() {}

    /** What the header of that lower-case name says; empty when absent or unreadable. */
    public static OptionalLong of(InferenceRequest request, String name) {
        String text = request.headers().getOrDefault(name, "");
        if (text.isEmpty() || text.length() > MAX_DIGITS || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        long ms = Long.parseLong(text);
        return ms <= MAX_MS ? OptionalLong.of(ms) : OptionalLong.empty();
    }
}
