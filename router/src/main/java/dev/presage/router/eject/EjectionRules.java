package dev.presage.router.eject;

import dev.presage.router.eject.Standing.Ejected;
import dev.presage.router.eject.Standing.InRotation;
import dev.presage.router.eject.Standing.OnTrial;
import java.time.Duration;

/**
 * The state machine of one endpoint's {@link Standing}: every transition is a pure function of the standing, the news and the
 * time.
 *
 * @param firstBackoff of a first ejection; doubles with each further one
 * @param longestBackoff bound of that
 * @param jitter share of the back-off, 0 to 1, that is added at random, so that several routers do not try at once
 * @param forgetAfter an endpoint that did well for so long starts anew
 * @param refusalHold how long a refused scrape keeps an endpoint from being tried; longer than the time between two scrapes
 * @param trialLimit a trial without an answer for so long lets another request try
 * @param largestShare of the fleet, 0 to 1, that may be ejected for its answers at once; refused connections do not count
 */
public record EjectionRules(
        Duration firstBackoff,
        Duration longestBackoff,
        double jitter,
        Duration forgetAfter,
        Duration refusalHold,
        Duration trialLimit,
        double largestShare) {
    private static final int MAX_DOUBLINGS = 16;

    /** Back-offs from one to thirty seconds; at most half of the fleet is ejected for what it answers. */
    public static final EjectionRules DEFAULT = new EjectionRules(
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            0.2,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            0.5);

    public EjectionRules {
        positive("firstBackoff", firstBackoff);
        positive("refusalHold", refusalHold);
        positive("trialLimit", trialLimit);
        positive("forgetAfter", forgetAfter);
        if (longestBackoff.compareTo(firstBackoff) < 0) {
            throw new IllegalArgumentException(
                    "longestBackoff " + longestBackoff + " must be at least firstBackoff " + firstBackoff);
        }
        share("jitter", jitter);
        share("largestShare", largestShare);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " " + value + " must be more than 0");
        }
    }

    private static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " " + value + " outside 0..1");
        }
    }

    /** Whether requests may go there now. */
    boolean admits(Standing standing, long now) {
        return switch (standing) {
            case InRotation in -> true;
            case Ejected out -> now - out.untilNanos() >= 0;
            case OnTrial trial -> now - trial.startedNanos() >= trialLimit.toNanos();
        };
    }

    /** A request was sent there. */
    Standing sent(Standing standing, long now) {
        return switch (standing) {
            case Ejected out when admits(out, now) -> new OnTrial(out.ejections(), out.sinceNanos(), now);
            case OnTrial trial when admits(trial, now) -> new OnTrial(trial.ejections(), trial.ejectedNanos(), now);
            case InRotation in -> in;
            case Ejected out -> out;
            case OnTrial trial -> trial;
        };
    }

    /**
     * A request that was sent at {@code sentNanos} was answered with a server error, or by the gateway in the endpoint's place.
     *
     * @param draw random, 0 to 1
     */
    Standing failed(Standing standing, long sentNanos, long now, double draw) {
        return switch (standing) {
            case InRotation in -> eject(recent(in, now) + 1, now, draw);
            case Ejected out -> sentNanos - out.sinceNanos() > 0 ? eject(out.ejections() + 1, now, draw) : out;
            case OnTrial trial ->
                sentNanos - trial.ejectedNanos() > 0 ? eject(trial.ejections() + 1, now, draw) : trial;
        };
    }

    /** A request that was sent at {@code sentNanos} was answered well, or with an error of the client's. */
    Standing answered(Standing standing, long sentNanos, long now) {
        return switch (standing) {
            case InRotation in -> in;
            case Ejected out -> sentNanos - out.sinceNanos() > 0 ? new InRotation(out.ejections(), now) : out;
            case OnTrial trial -> sentNanos - trial.ejectedNanos() > 0 ? new InRotation(trial.ejections(), now) : trial;
        };
    }

    /** A scrape found that it accepts no connections any more. */
    Standing refused(Standing standing, long now, double draw) {
        return switch (standing) {
            case InRotation in -> held(eject(recent(in, now) + 1, now, draw), now);
            case Ejected out -> held(out, now);
            case OnTrial trial -> held(eject(trial.ejections(), now, draw), now);
        };
    }

    /** A scrape reached it. Ends an ejection for refused connections, when its back-off is over; says nothing of its answers. */
    Standing reached(Standing standing, long now) {
        if (!(standing instanceof Ejected out) || !out.refused()) {
            return standing;
        }
        long end = out.sinceNanos() + backoffNanos(out.ejections());
        return now - end >= 0
                ? new InRotation(out.ejections(), now)
                : new Ejected(out.ejections(), out.sinceNanos(), end, false);
    }

    private Ejected held(Ejected out, long now) {
        long hold = now + refusalHold.toNanos();
        long until = hold - out.untilNanos() > 0 ? hold : out.untilNanos();
        return new Ejected(out.ejections(), out.sinceNanos(), until, true);
    }

    private int recent(InRotation in, long now) {
        return now - in.sinceNanos() >= forgetAfter.toNanos() ? 0 : in.ejections();
    }

    private Ejected eject(int ejections, long now, double draw) {
        long backoff = backoffNanos(ejections);
        return new Ejected(ejections, now, now + backoff + (long) (backoff * jitter * draw), false);
    }

    /** Back-off of that many ejections in a row, without jitter. */
    long backoffNanos(int ejections) {
        int doublings = Math.min(ejections - 1, MAX_DOUBLINGS);
        return Math.min(longestBackoff.toNanos(), firstBackoff.toNanos() << doublings);
    }
}
