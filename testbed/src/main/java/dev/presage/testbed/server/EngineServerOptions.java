package dev.presage.testbed.server;

import dev.presage.testbed.engine.EngineProfile;

/**
 * How to run one simulated engine.
 *
 * @param profile speed and cache of the replica
 * @param model name it answers to
 * @param host address to bind
 * @param port TCP port, 0 for any free one
 * @param speedup virtual milliseconds per real millisecond
 * @param maxBodyBytes largest request body it reads
 * @param adapters LoRA adapters it answers to as well
 */
public record EngineServerOptions(
        EngineProfile profile,
        String model,
        String host,
        int port,
        double speedup,
        int maxBodyBytes,
        ServedAdapters adapters) {
    /** Default bound of a request body: 32 MB. */
    public static final int DEFAULT_MAX_BODY_BYTES = 32 << 20;

    public EngineServerOptions {
        if (model.isBlank()) {
            throw new IllegalArgumentException("model must not be blank");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 0 to 65535, got " + port);
        }
        if (!(speedup > 0 && speedup <= 10_000)) {
            throw new IllegalArgumentException("speedup must be above 0 and at most 10000, got " + speedup);
        }
        if (maxBodyBytes < 1) {
            throw new IllegalArgumentException("maxBodyBytes must be at least 1, got " + maxBodyBytes);
        }
    }

    /** Without adapters. */
    public EngineServerOptions(
            EngineProfile profile, String model, String host, int port, double speedup, int maxBodyBytes) {
        this(profile, model, host, port, speedup, maxBodyBytes, ServedAdapters.NONE);
    }

    /** A server on the loopback address in real time. */
    public static EngineServerOptions of(EngineProfile profile, String model, int port) {
        return new EngineServerOptions(profile, model, "127.0.0.1", port, 1, DEFAULT_MAX_BODY_BYTES);
    }

    public EngineServerOptions withSpeedup(double factor) {
        return new EngineServerOptions(profile, model, host, port, factor, maxBodyBytes, adapters);
    }

    public EngineServerOptions withPort(int tcpPort) {
        return new EngineServerOptions(profile, model, host, tcpPort, speedup, maxBodyBytes, adapters);
    }

    public EngineServerOptions withAdapters(ServedAdapters served) {
        return new EngineServerOptions(profile, model, host, port, speedup, maxBodyBytes, served);
    }
}
