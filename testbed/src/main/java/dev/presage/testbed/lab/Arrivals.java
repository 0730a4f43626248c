package dev.presage.testbed.lab;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the requests of a run come from. Used by one run. */
interface Arrivals {
    /** When the next one comes; infinite when none does, unless an answer brings one. */
    double nextMs();

    /** Takes it. */
    Arrival take();

    /** A reply has ended, and its client may go on. */
    default void answered(Arrival arrival, double nowMs) {}

    /** These, whatever becomes of them. */
    static Arrivals of(List<Arrival> all) {
        Iterator<Arrival> rest = all.iterator();
        return new Arrivals() {
            private @Nullable Arrival next = rest.hasNext() ? rest.next() : null;

            @Override
            public double nextMs() {
                return next == null ? Double.POSITIVE_INFINITY : next.atMs();
            }

            @Override
            public Arrival take() {
                Arrival taken = next;
                if (taken == null) {
                    throw new IllegalStateException("all have come");
                }
                next = rest.hasNext() ? rest.next() : null;
                return taken;
            }
        };
    }
}
