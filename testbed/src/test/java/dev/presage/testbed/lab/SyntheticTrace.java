package dev.presage.testbed.lab;

import dev.presage.testbed.trace.TraceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Seeded requests of a few conversations that share prefixes, some of them arriving together. */
final class SyntheticTrace {
    private static final int CONVERSATIONS = 12;

    private SyntheticTrace() {}

    static List<TraceRequest> of(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TraceRequest> trace = new ArrayList<>();
        double now = 0;
        for (int i = 0; i < count; i++) {
            now += random.nextInt(5) == 0 ? 0 : -Math.log(1 - random.nextDouble()) * 120;
            int prompt = 1 + random.nextInt(random.nextInt(10) == 0 ? 12_000 : 3_000);
            int conversation = random.nextInt(CONVERSATIONS);
            long[] ids = new long[Math.ceilDiv(prompt, TraceRequest.HASH_ID_TOKENS)];
            int shared = random.nextInt(ids.length + 1);
            for (int block = 0; block < ids.length; block++) {
                ids[block] = block < shared ? conversation * 1_000L + block : 1_000_000L + i * 1_000L + block;
            }
            trace.add(new TraceRequest(i, now, prompt, 1 + random.nextInt(60), ids));
        }
        return trace;
    }
}
