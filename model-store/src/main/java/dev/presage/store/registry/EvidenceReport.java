package dev.presage.store.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.presage.store.bundle.Sha256;
import dev.presage.store.bundle.StoreJson;
import java.nio.charset.StandardCharsets;

/** A report as JSON text: an object of at most {@value #MAX_CHARS} characters. */
public record EvidenceReport(String json) {
    static final int MAX_CHARS = 256 << 10;

    public EvidenceReport {
        if (json.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "a report of " + json.length() + " characters is longer than " + MAX_CHARS);
        }
        if (!StoreJson.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class)
                .isObject()) {
            throw new IllegalArgumentException("a report must be a JSON object");
        }
    }

    /** A record, or whatever else {@link StoreJson} writes as an object. */
    public static EvidenceReport of(Object report) {
        return new EvidenceReport(new String(StoreJson.write(report), StandardCharsets.UTF_8));
    }

    /** What a version names it by. */
    public String digest() {
        return Sha256.hex(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads it back; throws {@link IllegalArgumentException} when it is not such a report. */
    public <T> T as(Class<T> type) {
        return StoreJson.read(json.getBytes(StandardCharsets.UTF_8), type);
    }
}
