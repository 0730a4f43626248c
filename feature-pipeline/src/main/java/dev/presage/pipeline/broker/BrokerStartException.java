package dev.presage.pipeline.broker;

/** The broker could not start: its port is taken, its directory is in use or unreadable, or Kafka gave up. */
public final class BrokerStartException extends RuntimeException {
    BrokerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
