package dev.presage.router.prefix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.LinkedHashMap;
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

/** The primitive LRU against the collection framework's. */
class BlockLruPropertiesTest {
    private static final int KEYS = 60;

    /** {@code kind} 0 and 1 add a run of keys, 2 adds anonymous blocks, 3 changes the capacity, 4 removes a run. */
    record Step(int kind, int from, int count, int stride) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, KEYS - 1),
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.of(1, 7, 11))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 500)
    void holdsWhatALinkedHashMapInAccessOrderHolds(@ForAll("steps") List<Step> steps) {
        int capacity = 20;
        Set<Long> told = new HashSet<>();
        BlockLru lru = new BlockLru(capacity, new Told(told));
        LinkedHashMap<Long, Boolean> model = new LinkedHashMap<>(16, 0.75f, true);
        long anonymous = -1;
        for (Step step : steps) {
            switch (step.kind()) {
                case 0, 1 -> {
                    long[] run = run(step);
                    lru.add(run);
                    for (int i = run.length - 1; i >= 0; i--) {
                        model.put(run[i], true);
                    }
                }
                case 2 -> {
                    lru.addAnonymous(step.count());
                    for (int i = 0; i < step.count(); i++) {
                        model.put(anonymous--, true);
                    }
                }
                case 4 -> {
                    long[] run = run(step);
                    lru.remove(run, step.count() / 3);
                    for (int i = step.count() / 3; i < run.length; i++) {
                        model.remove(run[i]);
                    }
                }
                default -> {
                    capacity = step.count();
                    lru.capacity(capacity);
                }
            }
            var eldest = model.entrySet().iterator();
            while (model.size() > capacity) {
                eldest.next();
                eldest.remove();
            }
            compare(lru, model);
            Set<Long> named = new HashSet<>(model.keySet());
            named.removeIf(key -> key < 0);
            assertEquals(named, told);
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

    private static void compare(BlockLru lru, Map<Long, Boolean> model) {
        assertEquals(model.size(), lru.size());
        for (long i = 0; i < KEYS; i++) {
            assertEquals(model.containsKey(key(i)) ? 1 : 0, lru.match(new long[] {key(i)}), "key " + i);
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
        lru.add(prompt);

        assertEquals(capacity, lru.size());
        assertEquals(capacity, lru.match(prompt));
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }
}
