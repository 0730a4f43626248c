package dev.presage.testbed.lab;

import dev.presage.testbed.trace.TraceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A few popular long prefixes, asked about in bursts: documents or agents' instructions that many requests begin with, each with a short
 * question of its own. How popular each is follows Zipf's law. Every minute begins with a burst. Beside them come requests that share
 * nothing. The same seed gives the same traffic.
 *
 * @param prefixes how many there are
 * @param prefixTokens length of each, by a factor of up to 1.5 either way
 * @param perSecond mean rate of all requests
 * @param burst how much higher than the mean the rate is in the {@link #BURST_MS} of a burst
 * @param strangers share of requests that share nothing
 */
record HotspotTraffic(int prefixes, int prefixTokens, double perSecond, double burst, double strangers) {
    static final double BURST_MS = 15_000;
    private static final double CYCLE_MS = 60_000;
    private static final double ZIPF = 0.6;
    private static final int LEAST_QUESTION = 64;
    private static final int MOST_QUESTION = 512;
    private static final int LEAST_OUTPUT = 32;
    private static final int MOST_OUTPUT = 256;
    private static final int STRANGER_TOKENS = 1_024;

    HotspotTraffic {
        if (prefixes < 1 || prefixes > 10_000 || prefixTokens < 512 || prefixTokens > 200_000) {
            throw new IllegalArgumentException(
                    prefixes + " prefixes of " + prefixTokens + " tokens outside 1..10000 and 512..200000");
        }
        if (!(perSecond > 0
                && perSecond <= 10_000
                && burst >= 1
                && burst < CYCLE_MS / BURST_MS
                && strangers >= 0
                && strangers < 1)) {
            throw new IllegalArgumentException(perSecond + " requests/s, " + burst + " times that in bursts and "
                    + strangers + " strangers outside (0, 10000], [1, " + CYCLE_MS / BURST_MS + ") and [0, 1)");
        }
    }

    List<Arrival> arrivals(double untilMs, long seed) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + 17);
        int[] lengths = new int[prefixes];
        double[] popularity = new double[prefixes];
        for (int i = 0; i < prefixes; i++) {
            lengths[i] = (int) (prefixTokens * Math.pow(1.5, random.nextDouble(-1, 1)));
            popularity[i] = (i == 0 ? 0 : popularity[i - 1]) + Math.pow(i + 1, -ZIPF);
        }
        List<Arrival> all = new ArrayList<>();
        long[] nextId = {1L << 40};
        double calm = (CYCLE_MS - burst * BURST_MS) / (CYCLE_MS - BURST_MS);
        double now = 0;
        while (now < untilMs) {
            double rate = perSecond * (now % CYCLE_MS < BURST_MS ? burst : calm);
            int prefix = random.nextDouble() < strangers ? -1 : drawn(popularity, random);
            all.add(arrival(all.size(), now, prefix, prefix < 0 ? STRANGER_TOKENS : lengths[prefix], random, nextId));
            now += -1e3 / rate * Math.log(1 - random.nextDouble());
        }
        return all;
    }

    private static Arrival arrival(
            int position, double atMs, int prefix, int shared, SplittableRandom random, long[] nextId) {
        int tokens = shared + random.nextInt(LEAST_QUESTION, MOST_QUESTION);
        long[] ids = new long[Math.ceilDiv(tokens, TraceRequest.HASH_ID_TOKENS)];
        int common = prefix < 0 ? 0 : shared / TraceRequest.HASH_ID_TOKENS;
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i < common ? (prefix + 1L) * 1_000_000 + i : nextId[0]++;
        }
        TraceRequest request = new TraceRequest(position, atMs, tokens, random.nextInt(LEAST_OUTPUT, MOST_OUTPUT), ids);
        int tenant = prefix < 0 ? 0 : prefix % TenantTraffic.TENANTS.size();
        return new Arrival(
                request,
                atMs,
                tenant,
                TenantTraffic.STANDARD,
                TenantTraffic.headers(TenantTraffic.TENANTS.get(tenant)));
    }

    private static int drawn(double[] popularity, SplittableRandom random) {
        double draw = random.nextDouble(popularity[popularity.length - 1]);
        int i = 0;
        while (popularity[i] <= draw) {
            i++;
        }
        return i;
    }
}
