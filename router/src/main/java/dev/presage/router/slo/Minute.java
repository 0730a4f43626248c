package dev.presage.router.slo;

/** What happened in the minute that is not over, per target. Guarded by its owner. */
final class Minute {
    static final long MS = 60_000;

    private long number = -1;
    private long requests;
    private long missed;
    private long ttftSeen;
    private long ttftOver;
    private long tpotSeen;
    private long tpotOver;

    long number() {
        return number;
    }

    void begin(long next) {
        number = next;
        requests = 0;
        missed = 0;
        ttftSeen = 0;
        ttftOver = 0;
        tpotSeen = 0;
        tpotOver = 0;
    }

    void add(Judgement judgement, LatencySlo slo) {
        boolean ttftMissed = judgement.ttft() == Judgement.Verdict.OVER;
        boolean tpotMissed = judgement.tpot() == Judgement.Verdict.OVER;
        requests++;
        ttftSeen += judgement.ttft() == Judgement.Verdict.UNKNOWN ? 0 : 1;
        tpotSeen += judgement.tpot() == Judgement.Verdict.UNKNOWN ? 0 : 1;
        ttftOver += ttftMissed ? 1 : 0;
        tpotOver += tpotMissed ? 1 : 0;
        boolean alone = ttftMissed && slo.ttft().percentile() == 0
                || tpotMissed && slo.tpot().percentile() == 0;
        missed += alone ? 1 : 0;
    }

    /** All requests of a minute that broke a percentile missed; else those that missed for themselves. */
    SloCount count(LatencySlo slo) {
        boolean broken = slo.ttft().broken(ttftSeen, ttftOver) || slo.tpot().broken(tpotSeen, tpotOver);
        return new SloCount(requests, broken ? requests : missed);
    }
}
