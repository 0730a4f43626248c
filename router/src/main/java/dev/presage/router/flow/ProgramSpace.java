package dev.presage.router.flow;

import dev.presage.router.plugin.Round;
import dev.presage.router.program.ProgramBook;
import dev.presage.router.program.ProgramIds;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Room for agent programs by what their contexts need: a new program begins only where the KV cache holds its context beside those of the
 * programs that are expected back there. Else every program's next step would find its own displaced, and the fleet would compute contexts again
 * and again. It is held for a stated time at most, then it goes anyway. Steps of programs under way and all other requests see what
 * the inner space says. Used by one thread.
 */
public final class ProgramSpace<T> implements Space<T> {
    /** Of the KV cache; the rest is for what programs still add and for requests that are not of any. */
    private static final double SHARE = 0.8;

    private final Space<T> inner;
    private final Function<T, Round> rounds;
    private final ProgramBook book;
    private final double mostMs;

    /** {@code mostMs} is how long a new program is held at most. */
    public ProgramSpace(Space<T> inner, Function<T, Round> rounds, ProgramBook book, double mostMs) {
        this.inner = inner;
        this.rounds = rounds;
        this.book = book;
        this.mostMs = mostMs;
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
        if (room.isEmpty()) {
            return sight;
        }
        Round round = rounds.apply(what);
        if (!ProgramIds.ofProgram(round.request()) || book.expected(round.request())) {
            return sight;
        }
        Set<String> fits = new HashSet<>();
        for (int i = 0; i < round.size(); i++) {
            String id = round.state(i).endpoint().id();
            long capacity = round.state(i).signals().kvCapacityTokens();
            long needed = book.neededTokens(id) + round.request().promptTokens();
            if (room.contains(id) && (capacity == 0 || book.neededTokens(id) == 0 || needed <= SHARE * capacity)) {
                fits.add(id);
            }
        }
        return fits.isEmpty() ? new Sight.Warm(room, Hold.KV, mostMs, 0, mostMs) : new Sight.Room(fits);
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
