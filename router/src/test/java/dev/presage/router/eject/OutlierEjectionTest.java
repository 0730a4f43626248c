package dev.presage.router.eject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.EndCause;
import dev.presage.router.pick.Ladder;
import dev.presage.router.predict.Aim;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.InferenceRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutlierEjectionTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<String> told = new ArrayList<>();
    private final List<Endpoint> members = new ArrayList<>();
    private final Fleet fleet = new Fleet();
    private final Random random = new Random(7);
    private long now = 1_000 * SECOND;
    private final OutlierEjection ejection =
            new OutlierEjection(fleet, EjectionRules.DEFAULT, () -> now, () -> random, new EjectionListener() {
                @Override
                public void ejected(String address, EjectionCause cause) {
                    told.add("out " + address + " " + cause.label());
                }

                @Override
                public void readmitted(String address) {
                    told.add("in " + address);
                }

                @Override
                public void withheld(String address) {
                    told.add("withheld " + address);
                }
            });
    private final EndpointPicker picker = new EndpointPicker(
            fleet,
            new ApproximatePrefixIndex(1 << 10),
            Ladder.DEFAULT,
            List.of(ejection),
            () -> now,
            () -> Instant.ofEpochMilli(now / 1_000_000),
            () -> random,
            Duration.ofSeconds(1),
            ejection,
            request -> Aim.NONE);

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 599})
    void oneServerErrorTakesTheReplicaOutOfRotation(int status) {
        fleet(4);
        String bad = answer(route(), status);
        for (int i = 0; i < 50; i++) {
            assertNotEquals(bad, answer(route(), 200));
        }
        assertEquals(List.of("out " + bad + " server-error"), told);
        assertEquals(Set.of(bad), ejection.ejectedAddresses());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 400, 401, 404, 408, 413, 422, 429, 499, 501, 505, 0})
    void whatIsNotTheReplicasFaultDoesNotEject(int status) {
        fleet(4);
        for (int i = 0; i < 50; i++) {
            answer(route(), status);
        }
        assertEquals(List.of(), told);
    }

    @Test
    void afterTheBackOffOneRequestTriesAndItsAnswerDecides() {
        fleet(2);
        String bad = answer(route(), 503);
        now += 2 * SECOND;
        Routing.Started trial = routeTo(bad);
        for (int i = 0; i < 20; i++) {
            assertNotEquals(bad, answer(route(), 200), "one trial at a time");
        }
        answer(trial, 503);
        now += 3 * SECOND / 2;
        assertNotEquals(bad, answer(route(), 200), "the second back-off is longer");
        now += 2 * SECOND;
        answer(routeTo(bad), 200);
        assertEquals("in " + bad, told.getLast());
        assertEquals(0, ejection.ejected());
    }

    @Test
    void aReplicaThatRefusesConnectionsIsNotTriedUntilAScrapeReachesIt() {
        fleet(3);
        ejection.refused(members.getFirst());
        for (int i = 0; i < 100; i++) {
            now += SECOND;
            ejection.refused(members.getFirst());
            assertNotEquals(members.getFirst().address(), answer(route(), 200));
        }
        ejection.reached(members.getFirst());
        answer(routeTo(members.getFirst().address()), 200);
        assertEquals(
                List.of(
                        "out " + members.getFirst().address() + " refused",
                        "in " + members.getFirst().address()),
                told);
    }

    @Test
    void aScrapeBringsItBackWhenTheBackOffIsOverAndNotBefore() {
        fleet(3);
        Endpoint gone = members.getFirst();
        ejection.refused(gone);
        now += SECOND / 2;
        ejection.reached(gone);
        for (int i = 0; i < 20; i++) {
            assertNotEquals(gone.address(), answer(route(), 200));
        }
        assertEquals(List.of("out " + gone.address() + " refused"), told);
        now += SECOND / 2;
        ejection.reached(gone);
        answer(routeTo(gone.address()), 200);
        assertEquals(List.of("out " + gone.address() + " refused", "in " + gone.address()), told);
    }

    @Test
    void lateErrorsOfTheSameOutageDoNotLengthenTheBackOff() {
        fleet(2);
        List<Routing.Started> sent = new ArrayList<>();
        while (sent.size() < 6) {
            sent.add(route());
        }
        String bad = sent.getFirst().decision().endpoint().address();
        now += SECOND / 10;
        sent.stream()
                .filter(it -> it.decision().endpoint().address().equals(bad))
                .forEach(it -> answer(it, 503));
        now += 6 * SECOND / 5;
        answer(routeTo(bad), 200);
    }

    @Test
    void serverErrorsOfManyAreNotTheReplicasFault() {
        fleet(4);
        members.forEach(member -> answer(routeTo(member.address()), 500));
        assertEquals(2, ejection.ejected());
        assertEquals(2, told.stream().filter(it -> it.startsWith("withheld")).count());
    }

    @Test
    void whenAllRefuseTheOneWhoseFailureIsLongestAgoIsUsed() {
        fleet(3);
        for (Endpoint member : members) {
            now += SECOND;
            ejection.refused(member);
        }
        assertEquals(3, ejection.ejected());
        assertEquals(members.get(0).address(), answer(route(), 503));
        now += SECOND;
        assertEquals(members.get(1).address(), answer(route(), 200));
        assertEquals("in " + members.get(1).address(), told.getLast());
    }

    @Test
    void whoTheGatewayPassedOverIsEjectedAndWhoServedIsNot() {
        fleet(3);
        Routing.Started started = route();
        String chosen = started.decision().endpoint().address();
        String other = members.stream()
                .map(Endpoint::address)
                .filter(it -> !it.equals(chosen))
                .findFirst()
                .orElseThrow();
        started.exchange().servedBy(other);
        answer(started, 200);
        assertEquals(List.of("out " + chosen + " passed-over"), told);
    }

    @Test
    void aClientThatGoesAwayTellsNothing() {
        fleet(2);
        route().exchange().end(EndCause.CLIENT_DISCONNECT);
        route().exchange().end(EndCause.UPSTREAM_ERROR);
        assertEquals(List.of(), told);
    }

    @Property(tries = 200)
    void aDecisionAlwaysHasACandidateOutOfTheSubsetAsked(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        OutlierEjectionTest fresh = new OutlierEjectionTest();
        fresh.fleet(n);
        Random dice = new Random(seed);
        List<Routing.Started> open = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            fresh.now += dice.nextLong(SECOND);
            Endpoint some = fresh.members.get(dice.nextInt(n));
            switch (dice.nextInt(4)) {
                case 0 -> fresh.ejection.refused(some);
                case 1 -> fresh.ejection.reached(some);
                case 2 -> {
                    if (!open.isEmpty()) {
                        fresh.answer(open.remove(dice.nextInt(open.size())), dice.nextBoolean() ? 503 : 200);
                    }
                }
                default -> {
                    Set<Endpoint> subset = new HashSet<>(List.of(some, fresh.members.get(dice.nextInt(n))));
                    Routing routing = fresh.picker.route(InferenceRequest.opaque("r", "r"), subset::contains);
                    Routing.Started started = assertInstanceOf(Routing.Started.class, routing);
                    assertTrue(subset.contains(started.decision().endpoint()));
                    open.add(started);
                }
            }
            assertTrue(fresh.ejection.ejected() <= n);
        }
    }

    private void fleet(int count) {
        for (int i = 0; i < count; i++) {
            members.add(new Endpoint("default/e" + i + "-rank-0", "10.0.0." + (i + 1), 8000, Map.of()));
        }
        fleet.replace(members);
    }

    private Routing.Started route() {
        return (Routing.Started) picker.route(InferenceRequest.opaque("r", "r"), endpoint -> true);
    }

    private Routing.Started routeTo(String address) {
        Routing.Started started = (Routing.Started) picker.route(
                InferenceRequest.opaque("r", "r"), it -> it.address().equals(address));
        assertEquals(address, started.decision().endpoint().address());
        return started;
    }

    /** The reply comes a millisecond after; tells who gave it. */
    private String answer(Routing.Started started, int status) {
        now += 1_000_000;
        started.exchange().responseStarted(status, false);
        started.exchange().end(EndCause.COMPLETED);
        now += 1_000_000;
        return started.decision().endpoint().address();
    }
}
