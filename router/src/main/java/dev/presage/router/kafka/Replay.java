package dev.presage.router.kafka;

import java.util.BitSet;
import java.util.List;

/** One spool file on its way to Kafka: which of its records are acked or given up. Confined to the owner thread. */
final class Replay {
    private final List<LogRecord> records;
    private final BitSet done = new BitSet();
    private int underway;
    private boolean sent;

    Replay(List<LogRecord> records) {
        this.records = records;
    }

    List<LogRecord> records() {
        return records;
    }

    boolean isDone(int index) {
        return done.get(index);
    }

    void sending() {
        underway++;
    }

    /** A send ended; {@code finished} when the record needs no other. */
    void ended(int index, boolean finished) {
        underway--;
        if (finished) {
            done.set(index);
        } else {
            sent = false;
        }
    }

    /** Every record that was not done is with the producer. */
    void allSent() {
        sent = true;
    }

    boolean isAllSent() {
        return sent;
    }

    boolean isIdle() {
        return underway == 0;
    }

    boolean isFinished() {
        return done.cardinality() == records.size();
    }
}
