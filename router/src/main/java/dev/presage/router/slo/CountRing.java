package dev.presage.router.slo;

/**
 * Requests and bad ones of the last buckets of time, in a ring: 12 bytes a bucket, whatever the traffic, and none before the
 * first request. A bucket that was not written for a whole round is empty. Guarded by its owner.
 */
final class CountRing {
    private final long bucketMs;
    private final int buckets;
    private int[] bucket = {};
    private int[] requests = {};
    private int[] bad = {};

    CountRing(long bucketMs, int buckets) {
        this.bucketMs = bucketMs;
        this.buckets = buckets;
    }

    int buckets() {
        return buckets;
    }

    void add(long atMs, long moreRequests, long moreBad) {
        if (bucket.length == 0) {
            bucket = new int[buckets];
            requests = new int[buckets];
            bad = new int[buckets];
        }
        int at = (int) (atMs / bucketMs);
        int slot = at % buckets;
        if (bucket[slot] != at) {
            bucket[slot] = at;
            requests[slot] = 0;
            bad[slot] = 0;
        }
        requests[slot] += (int) moreRequests;
        bad[slot] += (int) moreBad;
    }

    /** What the last {@code count} buckets hold, the one of {@code nowMs} included. */
    SloCount sum(long nowMs, int count) {
        long sum = 0;
        long sumBad = 0;
        if (bucket.length > 0) {
            int last = (int) (nowMs / bucketMs);
            for (int at = Math.max(0, last - count + 1); at <= last; at++) {
                int slot = at % buckets;
                if (bucket[slot] == at) {
                    sum += requests[slot];
                    sumBad += bad[slot];
                }
            }
        }
        return new SloCount(sum, sumBad);
    }
}
