package dev.presage.router.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.presage.router.pick.Decision;

/** The dynamic metadata of a routed request: the destination again, and on demand a score per candidate. */
final class RoutingMetadata {
    private RoutingMetadata() {}

    static Struct of(Decision.Routed decision, boolean emitScores) {
        Struct.Builder lb = Struct.newBuilder()
                .putFields(HeaderNames.DESTINATION, text(Route.of(decision).destination()));
        if (emitScores) {
            lb.putFields(
                    HeaderNames.SCORES,
                    Value.newBuilder().setStructValue(scores(decision)).build());
        }
        return Struct.newBuilder()
                .putFields(
                        HeaderNames.LB_NAMESPACE,
                        Value.newBuilder().setStructValue(lb).build())
                .build();
    }

    /** Scores are in (0, 1], higher is better; a policy's costs have no scale in common and lower is better. */
    private static Struct scores(Decision.Routed decision) {
        double[] costs = decision.choice().costs();
        double lowest = Double.POSITIVE_INFINITY;
        for (double cost : costs) {
            lowest = Math.min(lowest, cost);
        }
        Struct.Builder scores = Struct.newBuilder();
        for (int i = 0; i < costs.length; i++) {
            double score = costs[i] == lowest ? 1 : 1 / (1 + costs[i] - lowest);
            scores.putFields(
                    decision.candidates().state(i).endpoint().address(),
                    Value.newBuilder()
                            .setNumberValue(Double.isFinite(score) ? score : 0)
                            .build());
        }
        return scores.build();
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }
}
