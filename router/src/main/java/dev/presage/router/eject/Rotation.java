package dev.presage.router.eject;

import dev.presage.router.fleet.FleetSnapshot;

/** Says which candidates are fit to be sent requests. Asked once per decision, on the deciding thread; must not block. */
@FunctionalInterface
public interface Rotation {
    /** Everyone is. */
    Rotation ALL = (candidates, nowNanos) -> candidates;

    /** Some of the candidates, in the same order; at least one unless there is none. */
    FleetSnapshot of(FleetSnapshot candidates, long nowNanos);
}
