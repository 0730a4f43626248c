package dev.presage.router.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.BeforeTry;

/** The twin against a model that recounts everything after each event. */
class EndpointTwinPropertiesTest {
    enum Kind {
        DISPATCH,
        FIRST_TOKEN,
        TOKENS,
        ANSWERED,
        END
    }

    /** An event on the {@code target}-th request, modulo those that exist; {@code size} is its prompt or token count. */
    record Event(Kind kind, int target, int size, int cached) {}

    private enum Place {
        PENDING,
        DECODING,
        GONE
    }

    /** What the model knows of one request. */
    private static final class Known {
        final int prompt;
        final int uncached;
        final long sentAt;
        Place place = Place.PENDING;
        int output;

        Known(int prompt, int cached, long sentAt) {
            this.prompt = prompt;
            this.uncached = Math.max(1, prompt - cached);
            this.sentAt = sentAt;
        }

        double attention() {
            double kept = Math.max(0, prompt - uncached);
            return ((double) prompt * prompt - kept * kept) / 2;
        }
    }

    // One instance serves all tries.
    private EndpointTwin twin = new EndpointTwin();
    private List<Known> known = new ArrayList<>();
    private List<Dispatch> dispatches = new ArrayList<>();
    private long lastFirstToken;

    @BeforeTry
    void reset() {
        twin = new EndpointTwin();
        known = new ArrayList<>();
        dispatches = new ArrayList<>();
        lastFirstToken = Long.MIN_VALUE;
    }

    @Provide
    Arbitrary<List<Event>> events() {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(4, Arbitraries.just(Kind.DISPATCH)),
                                Tuple.of(5, Arbitraries.of(Kind.values()))),
                        Arbitraries.integers().between(0, 200),
                        Arbitraries.integers().between(0, 100_000),
                        Arbitraries.integers().between(0, 100_000))
                .as(Event::new)
                .list()
                .ofMaxSize(120);
    }

    @Property(tries = 500)
    void agreesWithARecountAndReturnsToZero(@ForAll("events") List<Event> events) {
        long now = 0;
        for (Event event : events) {
            now += 1 + event.target() % 3;
            apply(event, now);
            compare();
        }
        for (int i = dispatches.size() - 1; i >= 0; i--) {
            dispatches.get(i).end(now);
        }
        QueueState idle = twin.state();
        assertEquals(0, idle.inFlight());
        assertEquals(0, idle.pendingTokens());
        assertEquals(0.0, idle.pendingAttention());
        assertEquals(0, idle.decodingContext());
    }

    private void apply(Event event, long now) {
        if (event.kind() == Kind.DISPATCH) {
            known.add(new Known(event.size(), event.cached(), now));
            dispatches.add(twin.dispatch(event.size(), event.cached(), now));
        } else if (!known.isEmpty()) {
            int target = event.target() % known.size();
            Known request = known.get(target);
            Dispatch dispatch = dispatches.get(target);
            switch (event.kind()) {
                case FIRST_TOKEN -> {
                    dispatch.firstToken(now);
                    lastFirstToken = request.place == Place.PENDING ? now : lastFirstToken;
                    settle(target);
                }
                case ANSWERED -> {
                    dispatch.answered();
                    settle(target);
                }
                case TOKENS -> {
                    dispatch.tokens(event.size());
                    request.output += request.place == Place.DECODING ? event.size() : 0;
                }
                case END -> {
                    dispatch.end(now);
                    request.place = Place.GONE;
                }
                case DISPATCH -> throw new AssertionError();
            }
        }
    }

    private void settle(int through) {
        if (known.get(through).place == Place.PENDING) {
            for (Known earlier : known.subList(0, through + 1)) {
                earlier.place = earlier.place == Place.PENDING ? Place.DECODING : earlier.place;
            }
        }
    }

    private void compare() {
        List<Known> pending =
                known.stream().filter(r -> r.place == Place.PENDING).toList();
        List<Known> decoding =
                known.stream().filter(r -> r.place == Place.DECODING).toList();
        QueueState state = twin.state();
        assertEquals(pending.stream().mapToLong(r -> r.uncached).sum(), state.pendingTokens());
        assertEquals(pending.stream().mapToDouble(Known::attention).sum(), state.pendingAttention());
        assertEquals(pending.size(), state.pendingRequests());
        assertEquals(decoding.size(), state.decodingRequests());
        assertEquals(decoding.stream().mapToLong(r -> r.prompt + r.output).sum(), state.decodingContext());
        assertEquals(
                pending.isEmpty() ? 0 : Math.max(lastFirstToken, pending.getFirst().sentAt), state.progressNanos());
    }
}
