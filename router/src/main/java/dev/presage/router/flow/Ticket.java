package dev.presage.router.flow;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.request.InferenceRequest;
import java.util.function.Predicate;

/**
 * A request at the door. Made by the transport adapter; equal only to itself.
 *
 * @see FlowControl#enter
 */
public final class Ticket {
    private final InferenceRequest request;
    private final Predicate<Endpoint> allowed;
    private final long bytes;
    private final long receivedNanos;
    private final Answer answer;

    /**
     * @param allowed endpoints that the gateway admits
     * @param bytes memory that the request holds
     * @param receivedNanos the nano clock when it came
     */
    public Ticket(
            InferenceRequest request, Predicate<Endpoint> allowed, long bytes, long receivedNanos, Answer answer) {
        this.request = request;
        this.allowed = allowed;
        this.bytes = bytes;
        this.receivedNanos = receivedNanos;
        this.answer = answer;
    }

    public InferenceRequest request() {
        return request;
    }

    public Predicate<Endpoint> allowed() {
        return allowed;
    }

    long bytes() {
        return bytes;
    }

    long receivedNanos() {
        return receivedNanos;
    }

    Answer answer() {
        return answer;
    }
}
