package dev.presage.store.evidence;

import dev.presage.store.bundle.BundleId;
import org.jspecify.annotations.Nullable;

/**
 * What TTFT the picks of a version would have led to, one decision at a time, estimated from decisions that another took with known
 * probabilities (Dudik, Langford and Li, "Doubly robust policy evaluation and learning", 2011). It does not see that other picks would have made
 * other queues; for that there are the canary and the policy lab.
 *
 * @param samples logged decisions with an outcome
 * @param effectiveSamples Kish's effective sample size of the weights
 * @param support mean weight: the share of the version's picks that the log could have shown; 1 when it could have shown all
 * @param refusal why there is no estimate; empty when there is one
 * @param loggedMs mean TTFT of the decisions as they were taken
 * @param ipsMs inverse propensity score
 * @param snipsMs the same, self-normalised
 * @param doublyRobustMs the version's own prediction, corrected by weighted residuals
 */
public record OffPolicyReport(
        BundleId version,
        long samples,
        double effectiveSamples,
        double support,
        String refusal,
        @Nullable Interval loggedMs,
        @Nullable Interval ipsMs,
        @Nullable Interval snipsMs,
        @Nullable Interval doublyRobustMs) {}
