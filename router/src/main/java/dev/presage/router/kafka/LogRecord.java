package dev.presage.router.kafka;

/** One event as bytes. The arrays are never modified. */
record LogRecord(EventKind kind, byte[] key, byte[] value) {
    int bytes() {
        return key.length + value.length;
    }
}
