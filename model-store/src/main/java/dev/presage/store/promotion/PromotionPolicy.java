package dev.presage.store.promotion;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a pool must have shown before it serves. A pool without a policy has no gates.
 *
 * @param mode who moves aliases
 * @param shadowSamples requests that a challenger must have predicted beside the champion
 * @param betterBy share by which its TTFT error must be lower, with 95 % confidence; may be negative: no worse than that
 * @param sliceWorseBy share by which its error may be higher on any slice of at least {@link #MIN_SLICE} requests; more counts
 *     when it is not chance
 * @param coverageWithin how far the coverage of a predicted TTFT quantile may be from its level
 * @param maxBytes of the archive
 * @param maxRowMicros time to predict one candidate, on the store's machine
 * @param canarySamples requests that it must have routed as canary; 0 to go from shadow to champion
 * @param canarySlowerBy share by which TTFT may be higher for them
 * @param coolDownSeconds between two changes of the champion
 */
public record PromotionPolicy(
        Mode mode,
        int shadowSamples,
        double betterBy,
        double sliceWorseBy,
        double coverageWithin,
        long maxBytes,
        double maxRowMicros,
        int canarySamples,
        double canarySlowerBy,
        long coolDownSeconds) {
    /** Smaller slices are not judged. */
    static final long MIN_SLICE = 100;
    /** A challenger that is not shown to be better after so many times the asked samples has failed. */
    static final int PATIENCE = 4;

    /** Who moves aliases. */
    public enum Mode {
        /** People, through the gates or past them with a reason. */
        @JsonProperty("manual")
        MANUAL,
        /** The store itself, as soon as the gates open. */
        @JsonProperty("automatic")
        AUTOMATIC
    }

    public PromotionPolicy {
        require(shadowSamples >= 1 && shadowSamples <= 1_000_000, "shadow_samples", shadowSamples, "1 to 1000000");
        require(Math.abs(betterBy) < 1, "better_by", betterBy, "more than -1, less than 1");
        require(sliceWorseBy >= 0 && sliceWorseBy <= 10, "slice_worse_by", sliceWorseBy, "0 to 10");
        require(coverageWithin > 0 && coverageWithin <= 1, "coverage_within", coverageWithin, "more than 0, at most 1");
        require(maxBytes >= 1, "max_bytes", maxBytes, "at least 1");
        require(maxRowMicros > 0, "max_row_micros", maxRowMicros, "more than 0");
        require(canarySamples >= 0 && canarySamples <= 1_000_000, "canary_samples", canarySamples, "0 to 1000000");
        require(canarySlowerBy >= 0 && canarySlowerBy <= 10, "canary_slower_by", canarySlowerBy, "0 to 10");
        require(coolDownSeconds >= 0, "cool_down_seconds", coolDownSeconds, "at least 0");
    }

    private static void require(boolean held, String field, Object value, String bound) {
        if (!held) {
            throw new IllegalArgumentException(field + " is " + value + ", want " + bound);
        }
    }

    /** The file as people write it: what is left out has its default. */
    record Draft(
            @Nullable Mode mode,
            @Nullable Integer shadowSamples,
            @Nullable Double betterBy,
            @Nullable Double sliceWorseBy,
            @Nullable Double coverageWithin,
            @Nullable Long maxBytes,
            @Nullable Double maxRowMicros,
            @Nullable Integer canarySamples,
            @Nullable Double canarySlowerBy,
            @Nullable Long coolDownSeconds) {
        PromotionPolicy complete() {
            return new PromotionPolicy(
                    Objects.requireNonNullElse(mode, Mode.MANUAL),
                    Objects.requireNonNullElse(shadowSamples, 1_000),
                    Objects.requireNonNullElse(betterBy, 0.0),
                    Objects.requireNonNullElse(sliceWorseBy, 0.1),
                    Objects.requireNonNullElse(coverageWithin, 0.1),
                    Objects.requireNonNullElse(maxBytes, 16L << 20),
                    Objects.requireNonNullElse(maxRowMicros, 1_000.0),
                    Objects.requireNonNullElse(canarySamples, 200),
                    Objects.requireNonNullElse(canarySlowerBy, 0.05),
                    Objects.requireNonNullElse(coolDownSeconds, 300L));
        }
    }
}
