package dev.presage.router.request;

/** What came of reading a request body. */
public sealed interface Reading {
    /** It can be routed. */
    record Understood(InferenceRequest request) implements Reading {}

    /** It could be routed, but its body names no model. */
    record Unnamed(InferenceRequest request) implements Reading {}

    /** It is the client's mistake; {@code message} is what the contract answers after {@code BadRequest - }. */
    record Refused(String message) implements Reading {}
}
