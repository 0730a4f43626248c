package dev.presage.router.kafka;

/** Told what becomes of events, from several threads: must not block and must not throw. */
public interface EventLogListener {
    EventLogListener NONE = new EventLogListener() {
        @Override
        public void acked() {}

        @Override
        public void spooled() {}

        @Override
        public void dropped(DropReason why) {}
    };

    /** Kafka has an event. After a crash of the router the same event may be acked once more. */
    void acked();

    /** An event was written to the disk spool; it is acked or dropped later. */
    void spooled();

    /** An event is lost. */
    void dropped(DropReason why);
}
