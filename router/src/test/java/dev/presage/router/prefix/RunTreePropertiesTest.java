package dev.presage.router.prefix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The tree of runs against one linked map of blocks for each endpoint. */
class RunTreePropertiesTest {
    private static final int ENDPOINTS = 5;

    /** Block by block: what was used last is last, and a block that is given up must have nothing behind it. */
    private static final class Blocks {
        final LinkedHashMap<List<Long>, Boolean> held = new LinkedHashMap<>(16, 0.75f, true);
        int capacity;
        private long outputs;

        void hold(long[] prompt) {
            for (int length = prompt.length; length > 0; length--) {
                held.put(head(prompt, length), true);
            }
            evict();
        }

        void output(int blocks) {
            for (int i = 0; i < blocks; i++) {
                held.put(List.of(--outputs), true);
            }
            evict();
        }

        void withdraw(long[] prompt, int from) {
            for (int length = prompt.length; length > from; length--) {
                List<Long> block = head(prompt, length);
                if (held.keySet().stream().anyMatch(each -> follows(each, block))) {
                    return;
                }
                held.remove(block);
            }
        }

        private static boolean follows(List<Long> block, List<Long> before) {
            return block.size() > before.size()
                    && block.subList(0, before.size()).equals(before);
        }

        void evict() {
            Iterator<List<Long>> oldest = held.keySet().iterator();
            while (held.size() > capacity) {
                oldest.next();
                oldest.remove();
            }
        }

        /** By {@code containsKey}, which uses nothing. */
        int match(long[] prompt) {
            int length = 0;
            while (length < prompt.length && held.containsKey(head(prompt, length + 1))) {
                length++;
            }
            return length;
        }

        private static List<Long> head(long[] prompt, int length) {
            return Arrays.stream(prompt, 0, length).boxed().toList();
        }
    }

    @Property(tries = 150)
    void holdsBlockByBlockWhatALinkedMapHolds(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RunTree tree = new RunTree();
        List<RunLru> lrus = new ArrayList<>();
        List<Blocks> models = new ArrayList<>();
        for (int i = 0; i < ENDPOINTS; i++) {
            lrus.add(new RunLru(i, 0));
            models.add(new Blocks());
            resize(tree, lrus.get(i), models.get(i), random.nextInt(60));
        }
        for (int step = 0; step < 150; step++) {
            int which = random.nextInt(ENDPOINTS);
            RunLru lru = lrus.get(which);
            Blocks model = models.get(which);
            long[] prompt = prompt(random);
            int count = random.nextInt(25);
            switch (random.nextInt(10)) {
                case 0 -> {
                    lru.addAnonymous(count);
                    tree.evict(lru);
                    model.output(count);
                }
                case 1, 2 -> {
                    tree.withdraw(lru, prompt, count);
                    model.withdraw(prompt, count);
                }
                case 3 -> resize(tree, lru, model, random.nextInt(60));
                default -> {
                    tree.hold(lru, prompt);
                    model.hold(prompt);
                }
            }
            compare(tree, lrus, models, prompt);
            compare(tree, lrus, models, prompt(random));
        }
        for (RunLru lru : lrus) {
            lru.capacity(0);
            tree.evict(lru);
        }
        assertEquals(0, tree.size(), "runs that nobody holds");
    }

    private static void resize(RunTree tree, RunLru lru, Blocks model, int capacity) {
        lru.capacity(capacity);
        tree.evict(lru);
        model.capacity = capacity;
        model.evict();
    }

    private static void compare(RunTree tree, List<RunLru> lrus, List<Blocks> models, long[] prompt) {
        int[] matched = tree.match(prompt, ENDPOINTS);
        for (int i = 0; i < ENDPOINTS; i++) {
            int expected = models.get(i).match(prompt);
            assertEquals(expected, tree.match(lrus.get(i), prompt), "endpoint " + i);
            assertEquals(expected, matched == null ? 0 : matched[i], "endpoint " + i + " of all");
            assertEquals(models.get(i).held.size(), lrus.get(i).size());
        }
    }

    /** A path in a small tree, so that prompts share heads, end in each other's middle and branch off. */
    private static long[] prompt(SplittableRandom random) {
        long[] blocks = new long[random.nextInt(0, 40)];
        long hash = 0;
        for (int i = 0; i < blocks.length; i++) {
            hash = hash * 31 + 1 + (random.nextInt(8) == 0 ? random.nextInt(3) : 0);
            blocks[i] = hash * 0x9E3779B97F4A7C15L & Long.MAX_VALUE;
        }
        return blocks;
    }

    /** Another router's news may say anything: the same hash in several places breaks no bound. */
    @Property(tries = 100)
    void hashesThatAreNotChainedDoNoHarm(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RunTree tree = new RunTree();
        RunLru[] lrus = {new RunLru(0, 30), new RunLru(1, 7)};
        for (int step = 0; step < 300; step++) {
            long[] prompt = random.longs(random.nextInt(20), 0, 4).toArray();
            RunLru lru = lrus[random.nextInt(2)];
            if (random.nextInt(4) == 0) {
                tree.withdraw(lru, prompt, random.nextInt(20));
            } else {
                tree.hold(lru, prompt);
                assertEquals(Math.min(prompt.length, lru.capacity()), tree.match(lru, prompt));
            }
            assertTrue(lru.excess() <= 0);
        }
        for (RunLru lru : lrus) {
            lru.capacity(0);
            tree.evict(lru);
        }
        assertEquals(0, tree.size());
    }

    @Property(tries = 20)
    void manyPromptsAreFound(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RunTree tree = new RunTree();
        RunLru lru = new RunLru(0, 3_000);
        Map<Integer, long[]> prompts = new LinkedHashMap<>();
        for (int i = 0; i < 300; i++) {
            long[] prompt = random.longs(10, 0, Long.MAX_VALUE).toArray();
            tree.hold(lru, prompt);
            prompts.put(i, prompt);
        }
        prompts.values().forEach(prompt -> assertEquals(10, tree.match(lru, prompt)));
        tree.hold(lru, random.longs(1_500).toArray());
        assertEquals(150 + 94, tree.size(), "half of the prompts went, and 1,500 blocks are 94 runs");
    }
}
