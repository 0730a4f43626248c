package dev.presage.router.plugin.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Fallback;
import dev.presage.router.pick.Itinerary;
import dev.presage.router.plugin.Reply;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.Rounds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final String TOKEN = "x-session-token";

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void theTokenThatAReplyGivesOutPinsTheNextRequest() {
        Affinity affinity = new TokenAffinity(TOKEN, Affinity.Leg.ANSWERING);
        SessionFilter filter = new SessionFilter(affinity);
        SessionScorer scorer = new SessionScorer(affinity);
        Rounds rounds = new Rounds().endpoint().endpoint();
        Round first = rounds.round();
        assertArrayEquals(new int[] {0, 1}, filter.keep(first).candidates());
        assertArrayEquals(new double[] {0, 0}, scorer.score(first));
        String token = filter.headers(reply(routed(first, 1))).getOrDefault(TOKEN, "");
        assertEquals(token, scorer.headers(reply(routed(first, 1))).get(TOKEN));
        Round next = rounds.header(TOKEN, token).round();
        assertArrayEquals(new int[] {1}, filter.keep(next).candidates());
        assertArrayEquals(new double[] {0, 1}, scorer.score(next));
        Round gone = rounds.header(TOKEN, "Z29uZQ==").round();
        assertArrayEquals(new int[] {0, 1}, filter.keep(gone).candidates());
        assertArrayEquals(new double[] {0, 0}, scorer.score(gone));
        assertEquals(Map.of(), filter.headers(new Reply(Optional.empty(), false, "")));
    }

    @Test
    void anInstanceForPrefillGivesOutWhoComputedThePrompt() {
        SessionFilter filter = new SessionFilter(new TokenAffinity("x-prefill-token", Affinity.Leg.PREFILL));
        Rounds rounds = new Rounds().endpoint().endpoint();
        Decision.Routed whole = routed(rounds.round(), 0);
        assertEquals(Map.of(), filter.headers(reply(whole)));
        Decision.Routed split = whole.by(Itinerary.DIRECT.split(routed(rounds.round(), 1), List.of()));
        Endpoint prefill = rounds.round().state(1).endpoint();
        assertEquals(Map.of("x-prefill-token", TokenAffinity.token(prefill)), filter.headers(reply(split)));
    }

    @Test
    void aSessionIdIsRememberedUntilItIsIdle() {
        SessionFilter filter = new SessionFilter(new RememberedAffinity(
                List.of("x-session-id", "x-other"), Affinity.Leg.ANSWERING, Duration.ofSeconds(300), nanos::get));
        Round round = new Rounds().endpoint().endpoint().header("x-other", "s1").round();
        assertArrayEquals(new int[] {0, 1}, filter.keep(round).candidates());
        filter.routed(routed(round, 1));
        assertArrayEquals(new int[] {1}, filter.keep(round).candidates());
        assertEquals(Map.of(), filter.headers(reply(routed(round, 1))));
        Round other = new Rounds()
                .endpoint()
                .endpoint()
                .header("x-session-id", "s2")
                .header("x-other", "s1")
                .round();
        assertArrayEquals(new int[] {0, 1}, filter.keep(other).candidates(), "the first source counts");
        nanos.addAndGet(Duration.ofSeconds(299).toNanos());
        assertArrayEquals(new int[] {1}, filter.keep(round).candidates());
        nanos.addAndGet(Duration.ofSeconds(301).toNanos());
        assertArrayEquals(new int[] {0, 1}, filter.keep(round).candidates());
    }

    private static Reply reply(Decision.Routed decision) {
        return new Reply(Optional.of(decision), false, "");
    }

    private static Decision.Routed routed(Round round, int candidate) {
        return new Decision.Routed(
                round.candidates(),
                Choice.of("test", candidate, new double[round.size()], 1),
                Fallback.NONE,
                "",
                Itinerary.DIRECT);
    }
}
