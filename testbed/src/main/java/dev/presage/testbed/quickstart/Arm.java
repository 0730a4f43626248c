package dev.presage.testbed.quickstart;

import java.util.Locale;

/** The policies that are compared. Each has replicas and a router of its own and gets the very same requests. */
enum Arm {
    HEURISTIC,
    LMETRIC,
    LEARNED;

    /** Name in addresses, reports and on the page. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
