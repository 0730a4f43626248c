package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What must hold after every step of any history, named: conservation (who enters leaves once), bounds, FIFO in a flow, waiting
 * times, priority (nobody takes what a higher one waits for), no starvation in a band, and nothing left behind. Seeds are printed.
 */
class FlowQueuesPropertiesTest {
    private static final int STEPS = 4_000;
    private static final int ENDPOINTS = 4;
    private static final long MS = 1_000_000;
    private static final Limits BAND = new Limits(40, 2_000);
    private static final Limits GLOBAL = new Limits(90, 5_000);

    private enum Share {
        STRICT(new Fairness.Strict()),
        ROUND_ROBIN(new Fairness.RoundRobin()),
        ATTAINED(new Fairness.AttainedService(0.8, 0.2, 60_000)),
        WEIGHTED(new Fairness.WeightedDeficit(Map.of("f0", 3.0), 1));

        final Fairness policy;

        Share(Fairness policy) {
            this.policy = policy;
        }
    }

    /** Takes {@code size} places of an endpoint. */
    private record Job(int number, int priority, String flow, Set<String> allowed, int size, long enteredNanos) {}

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void invariantsHold(Share share) {
        for (long seed = 1; seed <= 12; seed++) {
            new History(share.policy, seed).run();
        }
    }

    private static final class History implements Space<Job> {
        final String at;
        final SplittableRandom random;
        final FlowQueues<Job> queues;
        final Map<Job, Claim> waiting = new HashMap<>();
        final Map<String, Deque<Job>> order = new HashMap<>();
        final Map<String, Integer> passed = new HashMap<>();
        final Set<Job> left = new HashSet<>();
        final int[] free = new int[ENDPOINTS];
        boolean anyEndpoint = true;
        long regimeNanos;
        long now;
        int entered;

        History(Fairness fairness, long seed) {
            at = fairness + ", seed " + seed;
            random = new SplittableRandom(seed);
            BandSettings band = new BandSettings(BAND, fairness, Ordering.FCFS);
            queues = new FlowQueues<>(
                    new FlowSettings(
                            GLOBAL,
                            Duration.ofMillis(900),
                            Duration.ofMillis(400),
                            Map.of(1, band),
                            band,
                            band,
                            Ceilings.NONE,
                            false),
                    0);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                now += random.nextInt(20) * MS;
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3, 4 -> enter(step);
                    case 5, 6, 7 -> freeSomeAndSend();
                    case 8 -> cancelOne();
                    default -> changeRegime();
                }
                expire();
                check();
            }
            queues.close(now).forEach(this::leaveAnywhere);
            assertEquals(Map.of(), waiting, at);
            assertEquals(entered, left.size(), at);
            assertTrue(queues.isEmpty() && queues.bytes() == 0, at);
            assertEquals(Optional.of(FlowOutcome.REJECTED_SHUTDOWN), queues.offer(job(-1), claim(job(-1)), now), at);
        }

        Job job(int number) {
            Set<String> allowed = IntStream.range(0, ENDPOINTS)
                    .filter(i -> random.nextInt(3) > 0)
                    .mapToObj(i -> "e" + i)
                    .collect(Collectors.toSet());
            return new Job(number, random.nextInt(3) - 1, "f" + random.nextInt(5), allowed, random.nextInt(1, 4), now);
        }

        Claim claim(Job job) {
            long ttl = random.nextInt(4) == 0 ? 300 * MS : 0;
            return new Claim(job.flow, job.priority, random.nextInt(90), now, ttl, 0, random.nextInt(1_000), 0);
        }

        void enter(int number) {
            Job job = job(number);
            Claim claim = claim(job);
            boolean fits = size(job.priority) < BAND.maxRequests()
                    && bytes(job.priority) + claim.bytes() <= BAND.maxBytes()
                    && waiting.size() < GLOBAL.maxRequests()
                    && queues.bytes() + claim.bytes() <= GLOBAL.maxBytes();
            Optional<FlowOutcome> refused = queues.offer(job, claim, now);
            assertEquals(fits ? Optional.empty() : Optional.of(FlowOutcome.REJECTED_CAPACITY), refused, at);
            if (refused.isEmpty()) {
                entered++;
                waiting.put(job, claim);
                queue(job).add(job);
            }
        }

        @Override
        public Sight look(Job job, double ceiling, Set<String> withheld) {
            if (!anyEndpoint) {
                return new Sight.Empty();
            }
            if (job.allowed.isEmpty()) {
                return new Sight.Nowhere();
            }
            Set<String> room = roomFor(job, withheld);
            return room.isEmpty() ? new Sight.Full(job.allowed, job.allowed.size() == ENDPOINTS) : new Sight.Room(room);
        }

        private Set<String> roomFor(Job job, Set<String> withheld) {
            return job.allowed.stream()
                    .filter(endpoint -> free[endpoint.charAt(1) - '0'] >= job.size && !withheld.contains(endpoint))
                    .collect(Collectors.toSet());
        }

        void freeSomeAndSend() {
            free[random.nextInt(ENDPOINTS)] += random.nextInt(1, 4);
            for (Optional<FlowQueues.Next<Job>> next = queues.next(this, now);
                    next.isPresent();
                    next = queues.next(this, now)) {
                Job job = next.get().what();
                assertEquals(waiting.get(job), next.get().claim(), at);
                if (next.get().sight() instanceof Sight.Room(Set<String> room)) {
                    nobodyAboveWaitsFor(job, room);
                    free[room.iterator().next().charAt(1) - '0'] -= job.size;
                }
                nobodyIsPassedForEver(job);
                leaveByTurn(job);
            }
            if (anyEndpoint) {
                nobodyWaitsInVain();
            }
        }

        /** Priority: what it may take is nothing that a waiting request of higher priority could go to. */
        private void nobodyAboveWaitsFor(Job sent, Set<String> room) {
            for (Job other : waiting.keySet()) {
                boolean head = queue(other).peekFirst() == other;
                if (other.priority > sent.priority && head && !other.allowed.isEmpty()) {
                    Set<String> shared = new HashSet<>(room);
                    shared.retainAll(other.allowed);
                    assertEquals(Set.of(), shared, at + ": " + sent + " took what " + other + " waits for");
                }
            }
        }

        /** No starvation: a flow whose head may go everywhere is not passed over for ever within its band. */
        private void nobodyIsPassedForEver(Job sent) {
            passed.put(sent.priority + sent.flow, 0);
            order.forEach((key, jobs) -> {
                Job head = jobs.peekFirst();
                if (head != null
                        && head.priority == sent.priority
                        && !key.equals(sent.priority + sent.flow)
                        && head.allowed.size() == ENDPOINTS) {
                    assertTrue(passed.merge(key, 1, Integer::sum) < 80, at + ": " + key + " starves");
                }
            });
        }

        /** No head-of-line blocking: a head has no room, or shares its endpoints with another one that waits. */
        private void nobodyWaitsInVain() {
            for (Job job : waiting.keySet()) {
                assertTrue(
                        queue(job).peekFirst() != job || roomFor(job, Set.of()).isEmpty() || overlapsAnotherHead(job),
                        at + ": " + job + " could go");
            }
        }

        private boolean overlapsAnotherHead(Job job) {
            return waiting.keySet().stream()
                    .filter(other -> other != job && other.priority >= job.priority)
                    .anyMatch(other -> other.allowed.stream().anyMatch(job.allowed::contains));
        }

        void cancelOne() {
            if (!waiting.isEmpty()) {
                Job job = waiting.keySet().iterator().next();
                assertTrue(queues.cancel(job, now), at);
                assertTrue(!queues.cancel(job, now), at + ": cancelled twice");
                leaveAnywhere(job);
            }
        }

        void changeRegime() {
            boolean next = random.nextInt(3) > 0;
            if (next != anyEndpoint) {
                regimeNanos = now;
            }
            anyEndpoint = next;
            queues.endpoints(next, now);
        }

        void expire() {
            for (FlowQueues.Expired<Job> expired : queues.expire(now)) {
                Job job = expired.what();
                assertEquals(
                        anyEndpoint ? FlowOutcome.EVICTED_TTL : FlowOutcome.EVICTED_NO_ENDPOINTS,
                        expired.outcome(),
                        at);
                assertTrue(now >= expiry(job, expired.claim()), at + ": " + job + " expired early");
                leaveAnywhere(job);
            }
        }

        private long expiry(Job job, Claim claim) {
            long ttl = anyEndpoint ? claim.ttlNanos() > 0 ? claim.ttlNanos() : 900 * MS : 400 * MS;
            return Math.max(job.enteredNanos, regimeNanos) + ttl;
        }

        private Deque<Job> queue(Job job) {
            return order.computeIfAbsent(job.priority + job.flow, key -> new ArrayDeque<>());
        }

        /** FIFO: by its turn only the oldest of a flow leaves. */
        private void leaveByTurn(Job job) {
            assertEquals(job, queue(job).pollFirst(), at);
            gone(job);
        }

        private void leaveAnywhere(Job job) {
            queue(job).remove(job);
            gone(job);
        }

        /** Conservation: it waited, and leaves once. */
        private void gone(Job job) {
            assertTrue(waiting.remove(job) != null, at + ": " + job + " did not wait");
            assertTrue(left.add(job), at + ": " + job + " left twice");
        }

        private long size(int priority) {
            return waiting.keySet().stream()
                    .filter(job -> job.priority == priority)
                    .count();
        }

        private long bytes(int priority) {
            return waiting.entrySet().stream()
                    .filter(entry -> entry.getKey().priority == priority)
                    .mapToLong(entry -> entry.getValue().bytes())
                    .sum();
        }

        private void check() {
            assertEquals(waiting.size(), queues.size(), at);
            assertEquals(waiting.values().stream().mapToLong(Claim::bytes).sum(), queues.bytes(), at);
            assertEquals(entered, left.size() + waiting.size(), at);
            List<FlowQueues.BandView> views = new ArrayList<>(queues.view());
            for (FlowQueues.BandView band : views) {
                assertEquals(size(band.priority()), band.requests(), at);
                assertEquals(bytes(band.priority()), band.bytes(), at);
                assertTrue(band.requests() <= BAND.maxRequests() && band.bytes() <= BAND.maxBytes(), at);
            }
            waiting.forEach(
                    (job, claim) -> assertTrue(now < expiry(job, claim), at + ": " + job + " should have expired"));
        }
    }
}
