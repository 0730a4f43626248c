package dev.presage.testbed.lab;

import java.util.stream.DoubleStream;

/** Counts one overload. */
final class OverloadTally implements FlowTally {
    private final double fromMs;
    private final double toMs;
    private final double targetMs;
    private final double[] weights = TenantTraffic.WEIGHTS;
    private final double[] work = new double[weights.length];
    private final double[] servedAtMs = new double[weights.length];
    private final DoubleStream.Builder criticalTtft = DoubleStream.builder();
    private final DoubleStream.Builder standardTtft = DoubleStream.builder();
    private int critical;
    private int kept;
    private int standard;
    private int shed;
    private final WorkTally done;
    private final int[] waiting = new int[weights.length];
    private double starvedMs;

    OverloadTally(double fromMs, double toMs, double targetMs) {
        this.fromMs = fromMs;
        this.toMs = toMs;
        this.targetMs = targetMs;
        done = new WorkTally(fromMs, toMs);
    }

    private boolean counts(double ms) {
        return ms >= fromMs && ms < toMs;
    }

    @Override
    public void arrived(Arrival arrival) {
        done.arrived(arrival.request());
        if (counts(arrival.atMs())) {
            critical += arrival.priority() == TenantTraffic.CRITICAL ? 1 : 0;
            standard += arrival.priority() == TenantTraffic.STANDARD ? 1 : 0;
        }
    }

    @Override
    public void waits(Arrival arrival, double nowMs) {
        waitsLonger(arrival, 1, nowMs);
    }

    @Override
    public void sent(Arrival arrival, double nowMs) {
        waitsLonger(arrival, -1, nowMs);
        servedAtMs[arrival.tenant()] =
                arrival.priority() == TenantTraffic.STANDARD ? nowMs : servedAtMs[arrival.tenant()];
    }

    @Override
    public void expired(Arrival arrival, double nowMs) {
        waitsLonger(arrival, -1, nowMs);
        turnedAway(arrival);
    }

    /** A tenant starves while its standard requests wait and none is sent. */
    private void waitsLonger(Arrival arrival, int more, double nowMs) {
        int tenant = arrival.tenant();
        if (arrival.priority() != TenantTraffic.STANDARD) {
            return;
        }
        if (waiting[tenant] == 0) {
            servedAtMs[tenant] = nowMs;
        } else if (counts(nowMs)) {
            starvedMs = Math.max(starvedMs, nowMs - Math.max(fromMs, servedAtMs[tenant]));
        }
        waiting[tenant] += more;
    }

    @Override
    public void turnedAway(Arrival arrival) {
        shed += counts(arrival.atMs()) && arrival.priority() == TenantTraffic.STANDARD ? 1 : 0;
    }

    @Override
    public void firstToken(Arrival arrival, int cachedTokens, double nowMs) {
        double ttft = nowMs - arrival.atMs();
        done.prompt(arrival.request(), cachedTokens, nowMs);
        if (counts(nowMs) && arrival.priority() == TenantTraffic.STANDARD) {
            work[arrival.tenant()] += arrival.request().promptTokens() - cachedTokens;
        }
        if (counts(arrival.atMs())) {
            if (arrival.priority() == TenantTraffic.CRITICAL) {
                criticalTtft.add(ttft);
                kept += ttft <= targetMs ? 1 : 0;
            } else {
                standardTtft.add(ttft);
            }
        }
    }

    @Override
    public void token(Arrival arrival, double nowMs) {
        done.token(nowMs);
        if (counts(nowMs) && arrival.priority() == TenantTraffic.STANDARD) {
            work[arrival.tenant()]++;
        }
    }

    @Override
    public void worked(double sinceMs, double untilMs) {
        done.worked(sinceMs, untilMs);
    }

    OverloadResult result(String flow) {
        double all = DoubleStream.of(work).sum();
        double allWeights = DoubleStream.of(weights).sum();
        double[] shares = new double[work.length];
        double error = 0;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = work[i] / all;
            error = Math.max(error, Math.abs(shares[i] / (weights[i] / allWeights) - 1));
        }
        return new OverloadResult(
                flow,
                critical,
                (double) kept / Math.max(1, critical),
                Summary.of(criticalTtft.build().toArray()),
                standard,
                Summary.of(standardTtft.build().toArray()),
                shares,
                error,
                starvedMs,
                shed,
                done.done());
    }
}
