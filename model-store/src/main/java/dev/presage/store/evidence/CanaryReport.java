package dev.presage.store.evidence;

import dev.presage.store.bundle.BundleId;
import org.jspecify.annotations.Nullable;

/**
 * Requests that the canary routed beside those that the champion routed meanwhile.
 *
 * @param requests of the canary, with a known TTFT
 * @param championRequests the same of the champion
 * @param slower the canary's geometric mean TTFT over the champion's, less one; null when there are too few requests to say
 */
public record CanaryReport(
        BundleId champion,
        BundleId canary,
        long requests,
        long championRequests,
        @Nullable Interval slower) {}
