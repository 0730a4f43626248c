package dev.presage.router.eject;

import java.util.Locale;

/** Why an endpoint was taken out of rotation. */
public enum EjectionCause {
    /** It accepts no connections any more. */
    REFUSED,
    /** It answered with a server error, or the gateway did in its place. */
    SERVER_ERROR,
    /** The gateway sent the request elsewhere after all. */
    PASSED_OVER;

    /** Name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
