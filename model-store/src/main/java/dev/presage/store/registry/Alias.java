package dev.presage.store.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A name that moves from version to version; at most one bundle of a pool has it. */
public enum Alias {
    /** Decides. */
    @JsonProperty("champion")
    CHAMPION(LifecycleState.CHAMPION),
    /** Scored on every decision, never chosen. */
    @JsonProperty("challenger")
    CHALLENGER(LifecycleState.SHADOW),
    /** Decides for a share of the traffic. */
    @JsonProperty("canary")
    CANARY(LifecycleState.CANARY),
    /** The champion before this one: what a rollback returns to. Moved by promotion and rollback only. */
    @JsonProperty("previous")
    PREVIOUS(LifecycleState.RETIRED);

    private final LifecycleState state;

    Alias(LifecycleState state) {
        this.state = state;
    }

    /** The state that a version has while it holds the alias. */
    LifecycleState state() {
        return state;
    }

    /** Name on the wire. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Alias> ofKey(String key) {
        return Arrays.stream(values()).filter(alias -> alias.key().equals(key)).findFirst();
    }
}
