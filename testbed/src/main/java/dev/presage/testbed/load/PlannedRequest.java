package dev.presage.testbed.load;

import dev.presage.testbed.trace.TraceRequest;

/**
 * A request and when it is due.
 *
 * @param index place in the plan, from 0
 * @param dueNanos nanoseconds after the start of the load
 */
public record PlannedRequest(int index, long dueNanos, TraceRequest request) {
    public PlannedRequest {
        if (index < 0 || dueNanos < 0) {
            throw new IllegalArgumentException("index " + index + " and dueNanos " + dueNanos + " must be at least 0");
        }
    }
}
