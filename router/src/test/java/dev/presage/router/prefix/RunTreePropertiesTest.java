package dev.presage.router.prefix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The tree of runs against a set of blocks for each endpoint. */
class RunTreePropertiesTest {
    private static final int ENDPOINTS = 5;

    /** Block by block: a block is named by the prompt up to its end. */
    private static final class Blocks {
        final Map<List<Long>, Integer> users = new HashMap<>();
        /** The least recently used first. */
        final Set<List<Long>> idle = new LinkedHashSet<>();

        final List<long[]> inFlight = new ArrayList<>();
        int capacity;
        private long outputs;

        void use(long[] prompt) {
            inFlight.add(prompt);
            for (int length = 1; length <= prompt.length; length++) {
                idle.remove(head(prompt, length));
                users.merge(head(prompt, length), 1, Integer::sum);
            }
            evict();
        }

        void release(long[] prompt) {
            inFlight.remove(prompt);
            for (int length = prompt.length; length > 0; length--) {
                List<Long> block = head(prompt, length);
                Integer left = users.computeIfPresent(block, (same, count) -> count - 1);
                if (left != null && left == 0) {
                    users.remove(block);
                    idle.add(block);
                }
            }
            evict();
        }

        void takeBack(long[] prompt, int from) {
            for (int length = prompt.length; length > from; length--) {
                List<Long> block = head(prompt, length);
                if (users.getOrDefault(block, 0) > 1 || held().stream().anyMatch(each -> follows(each, block))) {
                    break;
                }
                users.remove(block);
            }
            release(prompt);
        }

        private static boolean follows(List<Long> block, List<Long> before) {
            return block.size() > before.size()
                    && block.subList(0, before.size()).equals(before);
        }

        void output(int blocks) {
            for (int i = 0; i < Math.min(blocks, capacity); i++) {
                idle.add(List.of(--outputs));
            }
            evict();
        }

        void evict() {
            while (users.size() + idle.size() > capacity && !idle.isEmpty()) {
                idle.remove(idle.iterator().next());
            }
        }

        Set<List<Long>> held() {
            Set<List<Long>> held = new LinkedHashSet<>(idle);
            held.addAll(users.keySet());
            return held;
        }

        int match(long[] prompt) {
            int length = 0;
            while (length < prompt.length
                    && (users.containsKey(head(prompt, length + 1)) || idle.contains(head(prompt, length + 1)))) {
                length++;
            }
            return length;
        }

        private static List<Long> head(long[] prompt, int length) {
            return Arrays.stream(prompt, 0, length).boxed().toList();
        }
    }

    @Property(tries = 100)
    void holdsBlockByBlockWhatEnginesDo(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RunTree tree = new RunTree();
        List<HeldRuns> endpoints = new ArrayList<>();
        List<Blocks> models = new ArrayList<>();
        for (int i = 0; i < ENDPOINTS; i++) {
            endpoints.add(new HeldRuns(i, 0));
            models.add(new Blocks());
            resize(tree, endpoints.get(i), models.get(i), random.nextInt(60));
        }
        for (int step = 0; step < 150; step++) {
            int which = random.nextInt(ENDPOINTS);
            HeldRuns endpoint = endpoints.get(which);
            Blocks model = models.get(which);
            long[] prompt = ChainedPrompts.random(random);
            int kind = random.nextInt(10);
            if (kind == 0) {
                int blocks = random.nextInt(25);
                endpoint.addOutput(blocks);
                tree.evict(endpoint);
                model.output(blocks);
            } else if (kind == 1) {
                resize(tree, endpoint, model, random.nextInt(60));
            } else if (kind < 6 && !model.inFlight.isEmpty()) {
                prompt = model.inFlight.get(random.nextInt(model.inFlight.size()));
                if (kind < 5) {
                    tree.release(endpoint, prompt);
                    model.release(prompt);
                } else {
                    int from = random.nextInt(prompt.length + 1);
                    tree.takeBack(endpoint, prompt, from);
                    model.takeBack(prompt, from);
                }
            } else {
                tree.use(endpoint, prompt);
                model.use(prompt);
            }
            compare(tree, endpoints, models, prompt);
            compare(tree, endpoints, models, ChainedPrompts.random(random));
        }
        endpoints.forEach(tree::clear);
        assertEquals(0, tree.size(), "runs that nobody holds");
    }

    private static void resize(RunTree tree, HeldRuns endpoint, Blocks model, int capacity) {
        endpoint.capacity(capacity);
        tree.evict(endpoint);
        model.capacity = capacity;
        model.evict();
    }

    private static void compare(RunTree tree, List<HeldRuns> endpoints, List<Blocks> models, long[] prompt) {
        int[] matched = tree.match(prompt, ENDPOINTS);
        for (int i = 0; i < ENDPOINTS; i++) {
            int expected = models.get(i).match(prompt);
            assertEquals(expected, tree.match(endpoints.get(i), prompt), "endpoint " + i);
            assertEquals(expected, matched == null ? 0 : matched[i], "endpoint " + i + " of all");
            assertEquals(models.get(i).held().size(), endpoints.get(i).size());
        }
    }

    /** Another router's news may say anything: the same hash in several places, ends of what was never sent. */
    @Property(tries = 100)
    void newsThatMakesNoSenseBreaksNoBound(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RunTree tree = new RunTree();
        HeldRuns[] endpoints = {new HeldRuns(0, 30), new HeldRuns(1, 7)};
        int inFlight = 0;
        for (int step = 0; step < 300; step++) {
            long[] prompt = random.longs(random.nextInt(20), 0, 3).toArray();
            HeldRuns endpoint = endpoints[random.nextInt(2)];
            switch (random.nextInt(4)) {
                case 0 -> tree.takeBack(endpoint, prompt, random.nextInt(20));
                case 1 -> tree.release(endpoint, prompt);
                default -> {
                    tree.use(endpoint, prompt);
                    inFlight += prompt.length;
                    assertEquals(prompt.length, tree.match(endpoint, prompt));
                }
            }
            assertTrue(endpoint.excess() <= inFlight);
        }
        for (HeldRuns endpoint : endpoints) {
            tree.clear(endpoint);
            assertEquals(0, endpoint.size());
        }
        assertEquals(0, tree.size());
    }

    @Property(tries = 20)
    void manyPromptsAreFound(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RunTree tree = new RunTree();
        HeldRuns endpoint = new HeldRuns(0, 3_000);
        List<long[]> prompts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long[] prompt = random.longs(10, 0, Long.MAX_VALUE).toArray();
            tree.use(endpoint, prompt);
            tree.release(endpoint, prompt);
            prompts.add(prompt);
        }
        prompts.forEach(prompt -> assertEquals(10, tree.match(endpoint, prompt)));
        tree.use(endpoint, random.longs(1_500).toArray());
        assertEquals(150 + 94, tree.size(), "half of the prompts went, and 1,500 blocks are 94 runs");
    }
}
