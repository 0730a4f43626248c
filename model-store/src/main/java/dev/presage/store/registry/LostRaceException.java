package dev.presage.store.registry;

import java.io.IOException;

/** Another process committed to the pool first: what was decided was decided on an old state. */
final class LostRaceException extends IOException {
    LostRaceException(String pool) {
        super("pool " + pool + " was changed by another process; try again");
    }
}
