package dev.presage.router.flow;

import java.util.Set;

/** What a waiting request has in front of it. */
public sealed interface Sight {
    /** It may go to any of these endpoints now. */
    record Room(Set<String> endpoints) implements Sight {
        public Room {
            endpoints = Set.copyOf(endpoints);
        }
    }

    /**
     * All that it may go to are full; what comes after it leaves them alone.
     *
     * @param whole whether these are all endpoints that there are, so that nobody else has room either
     */
    record Full(Set<String> endpoints, boolean whole) implements Sight {
        public Full {
            endpoints = Set.copyOf(endpoints);
        }
    }

    /**
     * There is room, but a full endpoint that holds more of its prompt would answer sooner, as predicted. It may be held back for that.
     *
     * @param room endpoints with room
     * @param endpoint the full one
     * @param gainMs predicted TTFT on the best with room less that on the full one, its wait included
     * @param ownMs the time that its own prefill would take there
     * @param mostMs how long it may be held at most
     * @param once whether it may be held for no longer than what is gained as it is first seen; else for as long as there is something to
     *     be gained each time that it is looked at
     */
    record Warm(Set<String> room, String endpoint, double gainMs, double ownMs, double mostMs, boolean once)
            implements Sight {
        public Warm {
            room = Set.copyOf(room);
        }

        public Warm(Set<String> room, String endpoint, double gainMs, double ownMs, double mostMs) {
            this(room, endpoint, gainMs, ownMs, mostMs, true);
        }
    }

    /** There are no endpoints at all. */
    record Empty() implements Sight {}

    /** There are endpoints, but none that it may go to: waiting changes nothing, it is let through to be told. */
    record Nowhere() implements Sight {}
}
