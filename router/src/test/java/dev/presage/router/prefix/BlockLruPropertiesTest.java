package dev.presage.router.prefix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The primitive arrays against the collection framework. */
class BlockLruPropertiesTest {
    private static final int KEYS = 60;

    /**
     * {@code kind} 0 uses a run of keys, 1 too and releases it, 2 adds anonymous blocks, 3 changes the capacity, 4 takes a run
     * back, 5 releases the first that is in use.
     */
    record Step(int kind, int from, int count, int stride) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, KEYS - 1),
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.of(1, 7, 11))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 500)
    void holdsWhatACollectionOfUsersAndAListOfTheOthersHold(@ForAll("steps") List<Step> steps) {
        Set<Long> told = new HashSet<>();
        BlockLru lru = new BlockLru(20, new Told(told));
        Model model = new Model();
        Deque<long[]> inFlight = new ArrayDeque<>();
        for (Step step : steps) {
            long[] run = run(step);
            switch (step.kind()) {
                case 0 -> {
                    lru.use(run);
                    model.use(run);
                    inFlight.add(run);
                }
                case 1 -> {
                    lru.use(run);
                    model.use(run);
                    lru.release(run);
                    model.release(run);
                }
                case 2 -> {
                    lru.addAnonymous(step.count());
                    model.addAnonymous(step.count());
                }
                case 4 -> {
                    lru.takeBack(run, step.count() / 3);
                    model.takeBack(run, step.count() / 3);
                }
                case 5 -> {
                    long[] over = inFlight.isEmpty() ? run : inFlight.removeFirst();
                    lru.release(over);
                    model.release(over);
                }
                default -> {
                    lru.capacity(step.count());
                    model.capacity = step.count();
                    model.evict();
                }
            }
            Set<Long> held = new HashSet<>(model.idle);
            held.addAll(model.users.keySet());
            compare(lru, held);
            held.removeIf(key -> key < 0);
            assertEquals(held, told);
        }
        lru.clear();
        assertEquals(Set.of(), told);
    }

    private static final class Model {
        final Map<Long, Integer> users = new HashMap<>();
        final Set<Long> idle = new LinkedHashSet<>();
        int capacity = 20;
        private long anonymous = -1;

        void use(long[] run) {
            for (long key : run) {
                if (idle.remove(key) || users.containsKey(key)) {
                    users.merge(key, 1, Integer::sum);
                }
            }
            for (long key : run) {
                if (!users.containsKey(key) && bring()) {
                    users.put(key, 1);
                }
            }
        }

        void release(long[] run) {
            for (int i = run.length - 1; i >= 0; i--) {
                long key = run[i];
                if (users.containsKey(key)
                        && users.compute(key, (same, count) -> count == 1 ? null : count - 1) == null) {
                    idle.add(key);
                }
            }
            evict();
        }

        void takeBack(long[] run, int from) {
            for (int i = from; i < run.length; i++) {
                idle.remove(run[i]);
                users.remove(run[i], 1);
            }
            release(run);
        }

        void addAnonymous(int count) {
            for (int i = 0; i < Math.min(count, capacity) && bring(); i++) {
                idle.add(anonymous--);
            }
            evict();
        }

        private boolean bring() {
            if (users.size() + idle.size() >= capacity) {
                idle.stream().findFirst().ifPresent(idle::remove);
            }
            return capacity > 0;
        }

        void evict() {
            while (users.size() + idle.size() > capacity && !idle.isEmpty()) {
                idle.remove(idle.iterator().next());
            }
        }
    }

    /** Every key that comes is new, every key that goes was there. */
    private record Told(Set<Long> keys) implements BlockLru.Changes {
        @Override
        public void gained(long block) {
            assertTrue(keys.add(block));
        }

        @Override
        public void lost(long block) {
            assertTrue(keys.remove(block));
        }
    }

    private static long[] run(Step step) {
        return LongStream.range(0, step.count())
                .map(i -> key(step.from() + i * step.stride()))
                .toArray();
    }

    private static void compare(BlockLru lru, Set<Long> held) {
        assertEquals(held.size(), lru.size());
        for (long i = 0; i < KEYS; i++) {
            assertEquals(held.contains(key(i)) ? 1 : 0, lru.match(new long[] {key(i)}), "key " + i);
        }
    }

    /** Some keys differ in high bits only, some in low bits only; all are at least 0. */
    private static long key(long i) {
        long place = i % KEYS;
        return place % 2 == 0 ? place : place << 50;
    }

    @Property(tries = 20)
    void growsToItsCapacityAndNoFurther(@ForAll("seeds") long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int capacity = random.nextInt(1, 3_000);
        BlockLru lru = new BlockLru(capacity, new Told(new HashSet<>()));
        long[] prompt = random.longs(2L * capacity, 0, Long.MAX_VALUE).toArray();
        lru.use(prompt);
        assertEquals(2 * capacity, lru.size(), "what is in use stays");
        lru.release(prompt);

        assertEquals(capacity, lru.size());
        assertEquals(capacity, lru.match(prompt));
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }
}
