package dev.presage.router.trace;

import io.opentelemetry.context.ContextKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the profiles of one stream's decision did and when, in nanoseconds since 1970. Kept in the context of a stream that is
 * sampled until the decision is told of; used by the thread that decides. Bounded by the configured profiles and plugins.
 */
final class StepLog {
    static final ContextKey<StepLog> KEY = ContextKey.named("presage-steps");

    /**
     * One plugin's part.
     *
     * @param filter whether it is a filter, else it is a scorer
     * @param left candidates after it
     */
    record Step(boolean filter, String type, int candidates, int left, long startNanos, long endNanos) {}

    /** One profile's part. */
    static final class ProfileSteps {
        final String name;
        final int candidates;
        final long startNanos;
        final List<Step> steps = new ArrayList<>();
        long endNanos;

        ProfileSteps(String name, int candidates, long startNanos) {
            this.name = name;
            this.candidates = candidates;
            this.startNanos = startNanos;
            this.endNanos = startNanos;
        }
    }

    private final List<ProfileSteps> profiles = new ArrayList<>();
    private long begunNanos;

    void decides(String profile, int candidates, long nanos) {
        profiles.add(new ProfileSteps(profile, candidates, nanos));
    }

    void decided(long nanos) {
        ProfileSteps open = last();
        if (open != null) {
            open.endNanos = nanos;
        }
    }

    void begins(long nanos) {
        begunNanos = nanos;
    }

    void ended(boolean filter, String type, int candidates, int left, long nanos) {
        ProfileSteps open = last();
        if (open != null) {
            open.steps.add(new Step(filter, type, candidates, left, begunNanos, nanos));
        }
    }

    private @Nullable ProfileSteps last() {
        return profiles.isEmpty() ? null : profiles.getLast();
    }

    /** What there is, which is then gone from here. */
    List<ProfileSteps> taken() {
        List<ProfileSteps> all = List.copyOf(profiles);
        profiles.clear();
        return all;
    }
}
