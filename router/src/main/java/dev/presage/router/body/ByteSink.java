package dev.presage.router.body;

/** Takes bytes that are only valid during the call. */
@FunctionalInterface
public interface ByteSink {
    void take(byte[] bytes, int from, int to);
}
