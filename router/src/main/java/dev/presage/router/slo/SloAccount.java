package dev.presage.router.slo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The books of one SLO: what was counted, in rings of minutes, five minutes and half hours for the burn rates and one for the
 * budget's window; about 5 KB once it has traffic. Any thread, under its own lock for well under a microsecond; reading sums at most 500 buckets.
 *
 * <p>A sum over a window covers whole buckets and the one that is not over, so it begins up to one bucket late. Time that goes
 * backwards is taken to stand.
 */
final class SloAccount {
    private static final int BUDGET_BUCKETS = 144;

    /** A request's verdict per target, for the counters that live as long as the account. */
    private static final class Totals {
        long within;
        long over;

        void add(Judgement.Verdict verdict) {
            switch (verdict) {
                case WITHIN -> within++;
                case OVER -> over++;
                case UNKNOWN -> {}
            }
        }
    }

    private final LatencySlo slo;
    private final Instant since;
    private final CountRing minutes = new CountRing(Minute.MS, 60);
    private final CountRing fives = new CountRing(5 * Minute.MS, 72);
    private final CountRing halfHours = new CountRing(30 * Minute.MS, 144);
    private final CountRing budget;
    private final Minute open = new Minute();
    private final Totals ttft = new Totals();
    private final Totals tpot = new Totals();
    private SloCount settled = new SloCount(0, 0);
    private long unmeasured;
    private int lowestPriority = Integer.MAX_VALUE;
    private long latestMs;

    SloAccount(LatencySlo slo, Instant since) {
        this.slo = slo;
        this.since = since;
        long perBucket = Math.ceilDiv(slo.window().toMillis(), BUDGET_BUCKETS * Minute.MS) * Minute.MS;
        budget = new CountRing(perBucket, (int) Math.ceilDiv(slo.window().toMillis(), perBucket));
    }

    LatencySlo slo() {
        return slo;
    }

    synchronized void add(Judgement judgement, int priority, long atMs) {
        advance(atMs);
        lowestPriority = Math.min(lowestPriority, priority);
        if (!judgement.counts()) {
            unmeasured++;
            return;
        }
        open.add(judgement, slo);
        ttft.add(judgement.ttft());
        tpot.add(judgement.tpot());
    }

    /** The lowest priority of any request that was entered. */
    synchronized int lowestPriority() {
        return lowestPriority;
    }

    /** Closes the open minute when it is over. */
    private void advance(long atMs) {
        latestMs = Math.max(latestMs, atMs);
        long number = latestMs / Minute.MS;
        if (number == open.number()) {
            return;
        }
        SloCount closed = open.count(slo);
        if (closed.requests() > 0) {
            long then = open.number() * Minute.MS;
            minutes.add(then, closed.requests(), closed.bad());
            fives.add(then, closed.requests(), closed.bad());
            halfHours.add(then, closed.requests(), closed.bad());
            budget.add(then, closed.requests(), closed.bad());
            settled = settled.plus(closed);
        }
        open.begin(number);
    }

    /** How the SLO stands at that moment, under the name and objective that {@code current} has now. */
    synchronized SloStanding standing(LatencySlo current, long nowMs) {
        advance(nowMs);
        SloCount now = open.count(slo);
        List<SloStanding.Burn> burns = new ArrayList<>(BurnWindow.values().length);
        for (BurnWindow window : BurnWindow.values()) {
            burns.add(burn(current, window, now));
        }
        SloCount window = budget.sum(latestMs, budget.buckets()).plus(now);
        return new SloStanding(
                current,
                since,
                window,
                burns,
                slo.judgesEachRequest() ? settled.plus(now) : settled,
                new SloCount(ttft.within + ttft.over, ttft.over),
                new SloCount(tpot.within + tpot.over, tpot.over),
                unmeasured);
    }

    /** The burn over one window alone, for who asks often. */
    synchronized SloStanding.Burn burn(LatencySlo current, BurnWindow window, long nowMs) {
        advance(nowMs);
        return burn(current, window, open.count(slo));
    }

    private SloStanding.Burn burn(LatencySlo current, BurnWindow window, SloCount now) {
        Duration length = window.length();
        SloCount closed =
                switch (window) {
                    case M5, M30, H1 -> minutes.sum(latestMs, (int) length.toMinutes());
                    case H2, H6 -> fives.sum(latestMs, (int) length.toMinutes() / 5);
                    case D1, D3 -> halfHours.sum(latestMs, (int) length.toMinutes() / 30);
                };
        SloCount count = closed.plus(now);
        return new SloStanding.Burn(
                window, count, count.badShare() / current.budget(), count.requests() >= current.minimumRequests());
    }
}
