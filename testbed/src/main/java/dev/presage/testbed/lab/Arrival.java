package dev.presage.testbed.lab;

import dev.presage.testbed.trace.TraceRequest;
import java.util.Map;

/**
 * One request that comes to a router of the lab.
 *
 * @param atMs virtual time
 * @param tenant whose it is, by its place in the traffic's list
 * @param priority higher goes first
 * @param headers by lower-case name
 */
record Arrival(TraceRequest request, double atMs, int tenant, int priority, Map<String, String> headers) {
    public Arrival {
        headers = Map.copyOf(headers);
    }
}
