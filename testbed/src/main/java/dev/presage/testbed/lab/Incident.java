package dev.presage.testbed.lab;

import java.util.Locale;

/**
 * Something that happens to a replica during a run, written {@code slow:2:3@600} (replica 2 computes three times slower from
 * 600 s on), {@code restart:2:60@600} (it takes no more requests, ends those it has, and comes back after 60 s with an empty
 * cache), {@code leave:2@600} and {@code join:2@600} (a replica that joins is not in the fleet before).
 */
sealed interface Incident {
    int replica();

    double atMs();

    record Slow(int replica, double factor, double atMs) implements Incident {}

    record Restart(int replica, double awayMs, double atMs) implements Incident {}

    record Leave(int replica, double atMs) implements Incident {}

    record Join(int replica, double atMs) implements Incident {}

    /** Reads the form above; an {@link IllegalArgumentException} names what is wrong. */
    static Incident parse(String text) {
        int at = text.indexOf('@');
        String[] parts = at < 0 ? new String[0] : text.substring(0, at).split(":");
        if (parts.length < 2) {
            throw new IllegalArgumentException("incident '" + text + "' is not KIND:REPLICA[:VALUE]@SECONDS");
        }
        int replica = (int) number(parts[1], 0, FleetSpec.MAX_REPLICAS - 1, "replica", text);
        double atMs = 1e3 * number(text.substring(at + 1), 0, 1e6, "time", text);
        String value = parts.length > 2 ? parts[2] : "";
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "slow" -> new Slow(replica, number(value, 0.1, 100, "factor", text), atMs);
            case "restart" -> new Restart(replica, 1e3 * number(value, 0, 1e6, "seconds away", text), atMs);
            case "leave" -> new Leave(replica, atMs);
            case "join" -> new Join(replica, atMs);
            default ->
                throw new IllegalArgumentException(
                        "incident '" + text + "': unknown kind '" + parts[0] + "', known: slow, restart, leave, join");
        };
    }

    private static double number(String text, double least, double most, String what, String incident) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "incident '" + incident + "': " + what + " '" + text + "' is no number", e);
        }
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    "incident '" + incident + "': " + what + " " + text + " outside " + least + ".." + most);
        }
        return value;
    }
}
