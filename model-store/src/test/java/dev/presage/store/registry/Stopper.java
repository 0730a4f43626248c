package dev.presage.store.registry;

import java.io.IOException;

/** Stops the "process" at its nth change of what is stored: before it, half-way through its bytes, or right after it. */
final class Stopper {
    enum Moment {
        BEFORE,
        HALF_WAY,
        AFTER
    }

    /** The process is gone; nothing catches it. */
    static final class Killed extends Error {}

    interface Action<T> {
        T run() throws IOException;
    }

    private final int stopAt;
    private final Moment moment;
    private int operations;

    Stopper(int stopAt, Moment moment) {
        this.stopAt = stopAt;
        this.moment = moment;
    }

    static Stopper never() {
        return new Stopper(-1, Moment.BEFORE);
    }

    int operations() {
        return operations;
    }

    /** @param half what is there when it stops half-way */
    <T> T step(Action<T> whole, Action<T> half) throws IOException {
        if (operations++ != stopAt) {
            return whole.run();
        }
        switch (moment) {
            case BEFORE -> {}
            case HALF_WAY -> half.run();
            case AFTER -> whole.run();
        }
        throw new Killed();
    }
}
