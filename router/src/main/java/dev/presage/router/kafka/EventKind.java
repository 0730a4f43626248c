package dev.presage.router.kafka;

import dev.presage.pipeline.topics.Topic;

/** The topics that a router writes; the ordinal is part of the spool's format. */
enum EventKind {
    DECISION(Topic.DECISIONS),
    OUTCOME(Topic.OUTCOMES);

    private final Topic topic;

    EventKind(Topic topic) {
        this.topic = topic;
    }

    String topic() {
        return topic.topicName();
    }
}
