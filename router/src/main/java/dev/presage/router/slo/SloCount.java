package dev.presage.router.slo;

/** Requests, and how many of them missed. */
public record SloCount(long requests, long bad) {
    SloCount plus(SloCount more) {
        return new SloCount(requests + more.requests, bad + more.bad);
    }

    /** Share that missed, 0 of none. */
    public double badShare() {
        return requests == 0 ? 0 : (double) bad / requests;
    }
}
