package dev.presage.testbed.quickstart;

import dev.presage.testbed.engine.EngineProfile;
import java.time.Duration;
import java.util.List;

/**
 * What is run. Fleet and pace are chosen for a machine of two cores: see the module's RATIONALE.md.
 *
 * @param length wall time of the load
 * @param fleet the replicas of each arm
 * @param traceSpeed trace time over engine time: how hard the fleet is loaded
 * @param speedUp engine time over wall time: how fast the engines run
 * @param seed of the routers' draws
 */
record Experiment(Duration length, List<EngineProfile> fleet, double traceSpeed, double speedUp, long seed) {
    private static final double COUNTED_FROM = 0.4;
    private static final double SETTLING_SECONDS = 5;

    Experiment {
        fleet = List.copyOf(fleet);
        if (fleet.isEmpty()) {
            throw new IllegalArgumentException("fleet must not be empty");
        }
        if (!(traceSpeed > 0) || !(speedUp > 0)) {
            throw new IllegalArgumentException(
                    "traceSpeed " + traceSpeed + " and speedUp " + speedUp + " must be above 0");
        }
    }

    /** Trace time over wall time. */
    double pace() {
        return traceSpeed * speedUp;
    }

    /** When the compared part starts: after caches are warm and, where there is a model, after it took over. */
    double countFromSeconds(double firstModelSeconds) {
        double warm = COUNTED_FROM * length.toMillis() / 1e3;
        return Double.isNaN(firstModelSeconds) ? warm : Math.max(warm, firstModelSeconds + SETTLING_SECONDS);
    }
}
