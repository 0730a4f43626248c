package dev.presage.store.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a report attached to a version tells of; a version has at most one of each. */
public enum EvidenceKind {
    /** How it did as the challenger, on decisions that the champion took. */
    @JsonProperty("shadow")
    SHADOW,
    /** How the requests fared that it routed as the canary. */
    @JsonProperty("canary")
    CANARY,
    /** What its picks would have led to, estimated from logged propensities. */
    @JsonProperty("off-policy")
    OFF_POLICY,
    /** A run of the policy lab. */
    @JsonProperty("lab")
    LAB;

    /** Name on the wire. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<EvidenceKind> ofKey(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
    }
}
