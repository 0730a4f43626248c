package dev.presage.router.flow;

import dev.presage.router.plugin.Round;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.program.ProgramIds;
import dev.presage.router.request.InferenceRequest;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Room for agent programs by what their contexts need. A new program begins only where the KV cache holds its context beside those of the
 * programs that are expected back there, each with what it will grow by. Else every program's next step would find its own displaced, and
 * the fleet would compute contexts again and again. A step whose context was displaced all the same begins anew in that sense. One whose
 * home is full, but still has its context, is held for it, unless its context fits elsewhere and that is predicted to be sooner though
 * computing it is charged twice, for the request and for those who are there. Both for a stated time at most, then the request goes anyway. All other requests see what the inner
 * space says. Used by one thread.
 */
public final class ProgramSpace<T> implements Space<T> {
    /** For how long a request is held at most that does not say for how long it may wait. */
    public static final double MOST_MS = 45_000;

    /** Of the KV cache; the rest is for requests that are not of any program. */
    private static final double SHARE = 0.85;
    /** A home that holds less of the prompt has lost the context. */
    private static final double LOST = 0.5;
    /** Of the time that a request may wait; what is left is for the queues. */
    private static final double TTL_SHARE = 0.75;

    private final Space<T> inner;
    private final Function<T, Round> rounds;
    private final ProgramBook book;

    public ProgramSpace(Space<T> inner, Function<T, Round> rounds, ProgramBook book) {
        this.inner = inner;
        this.rounds = rounds;
        this.book = book;
    }

    @Override
    public Sight look(T what, double ceiling, Set<String> withheld) {
        Sight sight = inner.look(what, ceiling, withheld);
        Set<String> room =
                switch (sight) {
                    case Sight.Room(var endpoints) -> endpoints;
                    case Sight.Warm warm -> warm.room();
                    case Sight.Full full -> Set.of();
                    case Sight.Empty empty -> Set.of();
                    case Sight.Nowhere nowhere -> Set.of();
                };
        Round round = rounds.apply(what);
        if (room.isEmpty() || !ProgramIds.ofProgram(round.request())) {
            return sight;
        }
        if (!book.expected(round.request())) {
            return begin(round, room, "");
        }
        String home = book.home(round.request()).orElse("");
        int at = round.candidates().place(home);
        if (at >= 0 && round.cachedShare(at) < LOST) {
            return begin(round, room, home);
        }
        return at < 0 || room.contains(home) ? new Sight.Room(room) : away(round, room, at);
    }

    /** Its home is full: it is held for it, or goes where its context fits if that is better. */
    private Sight away(Round round, Set<String> room, int home) {
        Set<String> fits = fits(round, room, round.state(home).endpoint().id());
        double most = mostMs(round.request());
        return fits.isEmpty()
                ? new Sight.Warm(room, round.state(home).endpoint().id(), most, 0, most, false)
                : WarmChance.charging(round, fits, home, most).orElseGet(() -> new Sight.Room(fits));
    }

    private Sight begin(Round round, Set<String> room, String home) {
        Set<String> fits = fits(round, room, home);
        double most = mostMs(round.request());
        String waitsFor = home.isEmpty() ? Hold.KV : Hold.kvAfter(home);
        return fits.isEmpty() ? new Sight.Warm(room, waitsFor, most, 0, most) : new Sight.Room(fits);
    }

    /** Where there is KV cache for the context; at {@code home} its own place is kept. */
    private Set<String> fits(Round round, Set<String> room, String home) {
        InferenceRequest request = round.request();
        long own = Math.max(
                book.ownTokens(request), request.promptTokens() + (home.isEmpty() ? book.usualGrowthTokens() : 0));
        Set<String> fits = new HashSet<>();
        for (int i = 0; i < round.size(); i++) {
            String id = round.state(i).endpoint().id();
            long others = book.neededTokens(id) - (id.equals(home) ? book.ownTokens(request) : 0);
            long capacity = round.state(i).signals().kvCapacityTokens();
            if (room.contains(id) && (capacity == 0 || others <= 0 || others + own <= SHARE * capacity)) {
                fits.add(id);
            }
        }
        return fits;
    }

    private static double mostMs(InferenceRequest request) {
        return Math.max(MOST_MS, TTL_SHARE * Claims.ttlNanos(request) * 1e-6);
    }

    @Override
    public double warmth(T what, Set<String> room) {
        return inner.warmth(what, room);
    }

    @Override
    public void sent(String endpointId, long scrapedAtNanos) {
        inner.sent(endpointId, scrapedAtNanos);
    }
}
