package dev.presage.router.flow;

import dev.presage.router.plugin.Plugin;
import java.util.NavigableSet;

/** Up to which saturation a priority may send: 1 fills endpoints, less leaves the rest to higher ones. */
public sealed interface Ceilings extends Plugin {
    Ceilings NONE = new Same(1);

    /** Ceiling of a priority among those that are known; {@code known} contains it. */
    double of(int priority, NavigableSet<Integer> known);

    /** {@code static-usage-limit-policy}. */
    record Same(double threshold) implements Ceilings {
        @Override
        public double of(int priority, NavigableSet<Integer> known) {
            return threshold;
        }
    }

    /**
     * {@code priority-holdback-policy}: linear from {@code least} for the lowest priority to {@code most} for the highest.
     *
     * @param byValue whether distances between priorities count, not only their order
     */
    record Holdback(boolean byValue, double least, double most) implements Ceilings {
        public Holdback {
            if (!(least > 0 && least <= most)) {
                throw new IllegalArgumentException(
                        "minCeiling " + least + " must be more than 0 and at most maxCeiling " + most);
            }
        }

        @Override
        public double of(int priority, NavigableSet<Integer> known) {
            double span = byValue ? (double) known.last() - known.first() : known.size() - 1;
            double place = byValue
                    ? (double) priority - known.first()
                    : known.headSet(priority).size();
            return span <= 0 ? most : least + (most - least) * place / span;
        }
    }
}
