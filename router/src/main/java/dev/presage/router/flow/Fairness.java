package dev.presage.router.flow;

import dev.presage.router.plugin.Plugin;
import java.util.Map;

/** Whose turn it is among the flows of one band. A configured policy; what it remembers of a flow is in the {@link FlowQueue}. */
public sealed interface Fairness extends Plugin {
    Fairness STRICT = new Strict();

    /** The flow with the lowest rank goes next; among equals the one whose head came first. */
    double rank(FlowQueue<?> flow, BandClock band, double nowMs);

    /** The flow has something to send again. */
    default void joined(FlowQueue<?> flow, BandClock band) {}

    /** Its head, of that much predicted work, was sent. */
    default void sent(FlowQueue<?> flow, double work, BandClock band, double nowMs) {}

    /** What was sent turned out to be so much more work than predicted; less when negative. */
    default void corrected(FlowQueue<?> flow, double more) {}

    /** {@code global-strict-fairness-policy}: as if all waited in one queue. */
    record Strict() implements Fairness {
        @Override
        public double rank(FlowQueue<?> flow, BandClock band, double nowMs) {
            return flow.headDue();
        }
    }

    /** {@code round-robin-fairness-policy}: a request each in turn. */
    record RoundRobin() implements Fairness {
        @Override
        public double rank(FlowQueue<?> flow, BandClock band, double nowMs) {
            return flow.score;
        }

        @Override
        public void joined(FlowQueue<?> flow, BandClock band) {
            flow.score = band.turns++;
        }

        @Override
        public void sent(FlowQueue<?> flow, double work, BandClock band, double nowMs) {
            flow.score = band.turns++;
        }
    }

    /**
     * {@code weighted-deficit-fairness-policy}: the flow that was served the least work for its weight goes next, counted in
     * predicted work and put right when the true work is known. A flow that was away is not owed what it did not ask for: it
     * starts where the band is (start-time fair queueing, as VTC does it for LLMs, arXiv 2401.00588).
     *
     * @param weights by flow; others have {@code otherwise}
     */
    record WeightedDeficit(Map<String, Double> weights, double otherwise) implements Fairness {
        public WeightedDeficit {
            weights = Map.copyOf(weights);
            weights.forEach(WeightedDeficit::check);
            check("default", otherwise);
        }

        private static void check(String flow, double weight) {
            if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "weight " + weight + " of " + flow + " must be more than 0 and finite");
            }
        }

        private double weight(FlowQueue<?> flow) {
            return weights.getOrDefault(flow.id(), otherwise);
        }

        @Override
        public double rank(FlowQueue<?> flow, BandClock band, double nowMs) {
            return flow.score;
        }

        @Override
        public void joined(FlowQueue<?> flow, BandClock band) {
            flow.score = Math.max(flow.score, band.now);
        }

        @Override
        public void sent(FlowQueue<?> flow, double work, BandClock band, double nowMs) {
            band.now = Math.max(band.now, flow.score);
            flow.score += Math.max(1, work) / weight(flow);
        }

        @Override
        public void corrected(FlowQueue<?> flow, double more) {
            flow.score += more / weight(flow);
        }
    }

    /**
     * {@code program-aware-fairness}: least attained service first, which ages, less credit for how long the head has waited.
     * Both are taken as shares of a second's worth, so that the weights compare.
     */
    record AttainedService(double serviceWeight, double waitWeight, double halfLifeMs) implements Fairness {
        private static final double WORK_PER_SECOND = 1_000;

        @Override
        public double rank(FlowQueue<?> flow, BandClock band, double nowMs) {
            return serviceWeight * aged(flow, nowMs) / WORK_PER_SECOND
                    - waitWeight * (nowMs - flow.headEnqueuedMs()) / 1_000;
        }

        @Override
        public void sent(FlowQueue<?> flow, double work, BandClock band, double nowMs) {
            flow.score = aged(flow, nowMs) + work;
            flow.scoredMs = nowMs;
        }

        @Override
        public void corrected(FlowQueue<?> flow, double more) {
            flow.score = Math.max(0, flow.score + more);
        }

        private double aged(FlowQueue<?> flow, double nowMs) {
            return flow.score * Math.pow(0.5, Math.max(0, nowMs - flow.scoredMs) / halfLifeMs);
        }
    }
}
