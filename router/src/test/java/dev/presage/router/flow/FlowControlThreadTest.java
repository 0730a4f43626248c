package dev.presage.router.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Held;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Rounds;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.TestModels;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The thread around the queues: whatever happens, each request is answered once, and faults let requests through. */
class FlowControlThreadTest {
    private static final SaturationDetector FULL = (round, candidate, unseen) -> 2;

    private final Fleet fleet = new Fleet();
    private final AtomicLong nanos = new AtomicLong();
    private final BlockingQueue<String> faults = new LinkedBlockingQueue<>();

    /** Remembers what it was told. */
    private static final class Told implements Answer {
        final AtomicInteger count = new AtomicInteger();
        final BlockingQueue<Object> words = new LinkedBlockingQueue<>();
        volatile Held held = Held.NOT;

        @Override
        public @Nullable Endpoint go(Predicate<Endpoint> among) {
            count.incrementAndGet();
            words.add("go");
            return null;
        }

        @Override
        public @Nullable Endpoint go(Predicate<Endpoint> among, CandidateMatrix seen, Held before) {
            held = before;
            return go(among);
        }

        @Override
        public void turnedAway(Decision decision) {
            count.incrementAndGet();
            words.add(decision);
        }

        Object next() throws InterruptedException {
            Object word = words.poll(30, TimeUnit.SECONDS);
            assertNotNull(word, "no answer within half a minute");
            return word;
        }
    }

    private FlowControl control(Function<Ticket, Round> rounds, SaturationDetector detector) {
        fleet.replace(List.of(new Endpoint("default/pod-0-rank-0", "192.168.1.1", 8000, Map.of())));
        return new FlowControl(
                        FlowSettings.DEFAULT,
                        fleet,
                        rounds,
                        detector,
                        nanos::get,
                        new FlowListener() {
                            @Override
                            public void fault(String place, Throwable cause) {
                                faults.add(place);
                            }
                        },
                        new ProgramBook(nanos::get))
                .start();
    }

    private static Ticket ticket(Told told) {
        InferenceRequest request =
                new InferenceRequest("r", "c", "m", "m", Api.CHAT, 10, new long[0], 10, true, 0, Map.of());
        return ticket(told, request);
    }

    private static Ticket ticket(Told told, InferenceRequest request) {
        return new Ticket(request, endpoint -> true, 10, 0, told);
    }

    @Test
    void whatCannotBeJudgedGoesOn() throws InterruptedException {
        Told told = new Told();
        try (FlowControl control = control(
                any -> {
                    throw new IllegalStateException("broken on purpose");
                },
                FULL)) {
            control.enter(ticket(told));
            assertEquals("go", told.next());
            assertEquals("flow", faults.poll(30, TimeUnit.SECONDS));
        }
        assertEquals(1, told.count.get());
    }

    @Test
    void afterAFaultOfTheThreadEverybodyGoesAndItGoesOn() throws InterruptedException {
        Rounds rounds = new Rounds().endpoint();
        AtomicInteger looks = new AtomicInteger();
        Told first = new Told();
        Told second = new Told();
        try (FlowControl control = control(any -> rounds.round(), (round, candidate, unseen) -> {
            if (looks.incrementAndGet() == 1) {
                throw new AssertionError("broken on purpose, when it looks for room");
            }
            return 0;
        })) {
            control.enter(ticket(first));
            assertEquals("go", first.next());
            assertEquals("flow", faults.poll(30, TimeUnit.SECONDS));
            control.enter(ticket(second));
            assertEquals("go", second.next());
        }
    }

    @Test
    void aRequestThatIsLetInAsItComesIsLookedAtOnce() throws InterruptedException {
        Rounds rounds = new Rounds().endpoint();
        AtomicInteger looks = new AtomicInteger();
        Told told = new Told();
        try (FlowControl control = control(
                any -> {
                    looks.incrementAndGet();
                    return rounds.round();
                },
                (round, candidate, unseen) -> 0)) {
            control.enter(ticket(told));
            assertEquals("go", told.next());
        }
        assertEquals(1, looks.get());
    }

    @Test
    void whoWasHeldIsToldForWhatAndForHowLong() throws InterruptedException {
        Rounds rounds = new Rounds()
                .prompt(64_000)
                .endpoint()
                .inFlight(1, 30_000)
                .holds(1_000)
                .endpoint();
        AtomicInteger looks = new AtomicInteger();
        Told told = new Told();
        SaturationDetector warmIsFull = new SaturationDetector() {
            @Override
            public double of(Round round, int candidate, int unseen) {
                return candidate == 0 && nanos.get() < 300_000_000 ? 2 : 0;
            }

            @Override
            public double maxHoldMs() {
                return 10_000;
            }
        };
        try (FlowControl control = control(
                any -> {
                    // The request is seen to be held, then time goes by.
                    if (looks.incrementAndGet() == 3) {
                        nanos.set(300_000_000);
                    }
                    return rounds.round(TestModels.work(), LatencySettings.DEFAULT, 1);
                },
                warmIsFull)) {
            control.enter(ticket(told, rounds.matrix().request()));
            assertEquals("go", told.next());
        }
        assertEquals(new Held("192.168.1.1:8000", "freed", 300), told.held);
        assertEquals(List.of(), List.copyOf(faults));
    }

    @Test
    void whoComesAfterTheEndIsToldSo() throws InterruptedException {
        Rounds rounds = new Rounds().endpoint();
        FlowControl control = control(any -> rounds.round(), FULL);
        Told waits = new Told();
        Told late = new Told();
        control.enter(ticket(waits));
        control.close();
        control.enter(ticket(late));
        for (Told told : List.of(waits, late)) {
            assertEquals(
                    "rejected-shutting-down",
                    assertInstanceOf(Decision.Failed.class, told.next()).reason());
        }
    }

    @Test
    void eachIsAnsweredOnceHoweverTheyComeAndGo() throws InterruptedException {
        Rounds rounds = new Rounds().endpoint();
        List<Told> stayed = new ArrayList<>();
        List<Told> left = new ArrayList<>();
        SplittableRandom moods = new SplittableRandom(11);
        FlowControl control =
                control(any -> rounds.round(), (round, candidate, unseen) -> moods.nextInt(3) == 0 ? 0 : 2);
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            SplittableRandom random = new SplittableRandom(client);
            clients.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 500; i++) {
                    Told told = new Told();
                    Ticket ticket = ticket(told);
                    boolean leaves = random.nextInt(3) == 0;
                    control.enter(ticket);
                    if (leaves) {
                        control.leave(ticket);
                    }
                    synchronized (stayed) {
                        (leaves ? left : stayed).add(told);
                    }
                    nanos.addAndGet(random.nextInt(100_000_000));
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        control.close();
        for (Told told : stayed) {
            assertEquals(1, told.count.get());
        }
        for (Told told : left) {
            assertTrue(told.count.get() <= 1);
        }
        assertEquals(2_000, stayed.size() + left.size());
        assertEquals(List.of(), List.copyOf(faults));
    }
}
