package dev.presage.testbed.lab;

import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.LatencyTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Kinds of requests with unlike latency targets. Of which kind a request is follows from its id and the seed, so that all policies see
 * the same.
 *
 * @param kinds in the order in which they were stated; their shares add up to 1
 */
record TargetMix(List<Kind> kinds) {
    private static final double ROUNDING = 1e-6;

    /** So large a share of the requests is to keep these targets. */
    record Kind(double share, LatencyTargets targets) {
        Kind {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("share " + share + " outside (0, 1]");
            }
        }

        private static Kind parse(String text) {
            String[] parts = text.split(":", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException("'" + text + "' is not SHARE:TTFT_MS:TPOT_MS");
            }
            try {
                return new Kind(
                        Double.parseDouble(parts[0]),
                        new LatencyTargets(Double.parseDouble(parts[1]), Double.parseDouble(parts[2])));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + text + "' is not SHARE:TTFT_MS:TPOT_MS: " + e.getMessage(), e);
            }
        }
    }

    TargetMix {
        kinds = List.copyOf(kinds);
        double sum = kinds.stream().mapToDouble(Kind::share).sum();
        if (Math.abs(sum - 1) > ROUNDING) {
            throw new IllegalArgumentException("shares of targets add up to " + sum + ", not to 1");
        }
    }

    /** Reads {@code SHARE:TTFT_MS:TPOT_MS} for each kind; an {@link IllegalArgumentException} names what is wrong. */
    static TargetMix parse(List<String> texts) {
        List<Kind> kinds = new ArrayList<>();
        texts.forEach(text -> kinds.add(Kind.parse(text.strip())));
        return new TargetMix(kinds);
    }

    LatencyTargets of(InferenceRequest request, long seed) {
        double drawn = new SplittableRandom(seed * 1_000_003 + request.id().hashCode()).nextDouble();
        for (Kind kind : kinds) {
            drawn -= kind.share();
            if (drawn < 0) {
                return kind.targets();
            }
        }
        return kinds.getLast().targets();
    }
}
