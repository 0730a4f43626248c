package dev.presage.testbed.gateway;

import java.net.URI;

/** A running gateway with one loopback listener per lane. Made by {@link Gateways}; thread-safe; the opener closes it. */
public interface Gateway extends AutoCloseable {
    /** What it is, for reports: {@code envoy 1.40.0} or {@code front door}. */
    String description();

    /** Where clients of the lane send their requests; an unknown lane is an {@link IllegalArgumentException}. */
    URI baseUrl(String lane);

    @Override
    void close();
}
