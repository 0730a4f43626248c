package dev.presage.router.flow;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One look for who goes next, band by band from the highest: those that are held first, then flows by their turn. Whom it sees to be better
 * off waiting it sets aside. Owned by {@link FlowQueues}, which says in what order requests go; used once.
 */
final class Search<T> {
    /** Heads that are looked at, which bounds the time that it takes; those of lower rank wait for the next. */
    static final int MAX_LOOKS = 64;

    /** How far behind the head of a flow one may be that passes it. */
    static final int MAX_PASSING = 32;
    /** Share of its prompt that makes a request warm. */
    private static final double WARM = 0.5;

    /** Who may go, and what it has in front of it. */
    record Found<T>(Entry<T> entry, Sight sight) {}

    private final Holds<T> holds;
    private final Space<T> space;
    private final long nowNanos;
    private final Set<String> withheld = new HashSet<>();
    private int looks;
    private @Nullable Found<T> found;
    private FlowQueues.@Nullable Blocked blocked;

    Search(Holds<T> holds, Space<T> space, long nowNanos) {
        this.holds = holds;
        this.space = space;
        this.nowNanos = nowNanos;
    }

    @Nullable
    Found<T> found() {
        return found;
    }

    /** The first that there was no room for. */
    FlowQueues.@Nullable Blocked blocked() {
        return blocked;
    }

    /** Looks through one band, whose requests see endpoints as full from {@code ceiling} on; whether to go on to the next. */
    boolean in(Band<T> band, double ceiling) {
        for (Entry<T> held : holds.heads(band.priority)) {
            if (looks++ == MAX_LOOKS || !goesOnAfter(held, space.look(held.what, ceiling, withheld))) {
                return false;
            }
        }
        Set<FlowQueue<T>> passedOver = new HashSet<>();
        for (FlowQueue<T> flow = turn(band, passedOver); flow != null; flow = turn(band, passedOver)) {
            if (looks++ == MAX_LOOKS) {
                return false;
            }
            Entry<T> head = flow.head(band.settings.ordering(), nowNanos * 1e-6);
            Sight sight = space.look(head.what, ceiling, withheld);
            if (sight instanceof Sight.Room(var room)) {
                Entry<T> first =
                        warmest(flow, head, room, band.settings.ordering().passNanos());
                return found(first, first == head ? sight : space.look(first.what, ceiling, withheld));
            }
            if (!goesOnAfter(head, sight)) {
                return false;
            }
            if (!head.aside) {
                passedOver.add(flow);
            }
        }
        return true;
    }

    private @Nullable FlowQueue<T> turn(Band<T> band, Set<FlowQueue<T>> passedOver) {
        return band.isEmpty() ? null : band.turn(passedOver, nowNanos * 1e-6);
    }

    /** Who goes now that there is room: the head, or one behind it that is warm where the head is cold. */
    private Entry<T> warmest(FlowQueue<T> flow, Entry<T> head, Set<String> room, long passNanos) {
        boolean maxPassed = head.passedNanos != 0 && nowNanos - head.passedNanos >= passNanos;
        if (passNanos == 0 || maxPassed || head.claim.sloTtftMs() > 0 || flow.size() == 1) {
            return head;
        }
        for (Entry<T> entry : flow.front(MAX_PASSING)) {
            if (space.warmth(entry.what, room) >= WARM) {
                if (entry != head && head.passedNanos == 0) {
                    head.passedNanos = nowNanos;
                }
                return entry;
            }
        }
        return head;
    }

    private boolean goesOnAfter(Entry<T> entry, Sight sight) {
        return switch (sight) {
            case Sight.Room room -> found(entry, room);
            case Sight.Nowhere nowhere -> found(entry, nowhere);
            case Sight.Warm warm
            when entry.aside -> {
                holds.turn(entry, warm);
                yield true;
            }
            case Sight.Warm warm -> held(entry, warm) || found(entry, new Sight.Room(warm.room()));
            case Sight.Full full -> entry.aside || withhold(entry, full);
            case Sight.Empty empty -> false;
        };
    }

    private boolean found(Entry<T> entry, Sight sight) {
        found = new Found<>(entry, sight);
        return false;
    }

    private boolean held(Entry<T> entry, Sight.Warm warm) {
        if (!holds.hold(entry, warm, nowNanos)) {
            return false;
        }
        entry.queue.band().setAside(entry, nowNanos);
        return true;
    }

    private boolean withhold(Entry<T> entry, Sight.Full full) {
        blocked = blocked == null ? new FlowQueues.Blocked(entry.claim.priority(), full.endpoints()) : blocked;
        withheld.addAll(full.endpoints());
        return !full.whole();
    }
}
