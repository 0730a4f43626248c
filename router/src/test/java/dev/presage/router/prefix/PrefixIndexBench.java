package dev.presage.router.prefix;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/**
 * How much CPU time it takes to look up and to record a prompt, and what it allocates, against a boxed {@link LinkedHashMap} in access
 * order. Run by hand, as RATIONALE.md says.
 */
final class PrefixIndexBench {
    private static final int CAPACITY = 15_625;
    private static final int PROMPT_BLOCKS = 64;
    private static final int PROMPTS = 2_000;
    private static final int ROUNDS = 40;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private PrefixIndexBench() {}

    public static void main(String[] args) {
        long[][] prompts = prompts();
        BlockLru primitive = new BlockLru(CAPACITY);
        LinkedHashMap<Long, Boolean> boxed = new LinkedHashMap<>(16, 0.75f, true);
        for (int trial = 0; trial < 3; trial++) {
            report("boxed add", prompts, prompt -> addBoxed(boxed, prompt));
            report("boxed match", prompts, prompt -> matchBoxed(boxed, prompt));
            report("primitive add", prompts, prompt -> {
                primitive.add(prompt);
                return primitive.size();
            });
            report("primitive match", prompts, primitive::match);
        }
    }

    /** Twenty conversations: half of a prompt is shared with others of its own, the rest is new. */
    private static long[][] prompts() {
        SplittableRandom random = new SplittableRandom(1);
        long[][] shared = new long[20][];
        for (int i = 0; i < shared.length; i++) {
            shared[i] = random.longs(PROMPT_BLOCKS / 2).toArray();
        }
        long[][] prompts = new long[PROMPTS][];
        for (int i = 0; i < PROMPTS; i++) {
            prompts[i] = random.longs(PROMPT_BLOCKS).toArray();
            System.arraycopy(shared[random.nextInt(shared.length)], 0, prompts[i], 0, PROMPT_BLOCKS / 2);
        }
        return prompts;
    }

    private static void report(String name, long[][] prompts, ToLongFunction<long[]> operation) {
        long sum = 0;
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long start = THREADS.getCurrentThreadCpuTime();
        for (int round = 0; round < ROUNDS; round++) {
            for (long[] prompt : prompts) {
                sum += operation.applyAsLong(prompt);
            }
        }
        double operations = (double) ROUNDS * prompts.length;
        System.out.printf(
                "%-16s %8.0f ns of CPU %8.0f bytes per prompt of %d blocks (checksum %d)%n",
                name,
                (THREADS.getCurrentThreadCpuTime() - start) / operations,
                (THREADS.getCurrentThreadAllocatedBytes() - bytes) / operations,
                PROMPT_BLOCKS,
                sum);
    }

    private static int addBoxed(LinkedHashMap<Long, Boolean> boxed, long[] prompt) {
        for (int i = prompt.length - 1; i >= 0; i--) {
            boxed.put(prompt[i], Boolean.TRUE);
        }
        var eldest = boxed.entrySet().iterator();
        while (boxed.size() > CAPACITY) {
            eldest.next();
            eldest.remove();
        }
        return boxed.size();
    }

    private static int matchBoxed(Map<Long, Boolean> boxed, long[] prompt) {
        int matched = 0;
        while (matched < prompt.length && boxed.containsKey(prompt[matched])) {
            matched++;
        }
        return matched;
    }
}
