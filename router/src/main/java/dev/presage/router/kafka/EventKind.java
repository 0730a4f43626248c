package dev.presage.router.kafka;

/** The topics that a router writes; the ordinal is part of the spool's format. */
enum EventKind {
    DECISION("presage.decisions.v1"),
    OUTCOME("presage.outcomes.v1");

    private final String topic;

    EventKind(String topic) {
        this.topic = topic;
    }

    String topic() {
        return topic;
    }
}
