package dev.presage.pipeline.broker;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What an {@link EmbeddedBroker} needs to know.
 *
 * @param dataDirectory where topics and records live; made if absent, used by one broker at a time
 * @param port the port on 127.0.0.1; 0 takes any free one, a new one at each start
 * @param retention how long topics without a bound of their own keep records
 * @param bytesPerPartition how much of them a partition keeps, in bytes
 */
public record BrokerSettings(Path dataDirectory, int port, Duration retention, long bytesPerPartition) {
    private static final long MIN_BYTES = 16L << 20;

    public BrokerSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ", want 0..65535");
        }
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("retention is " + retention + ", want more than 0");
        }
        if (bytesPerPartition < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "bytesPerPartition is " + bytesPerPartition + ", want at least " + MIN_BYTES);
        }
    }

    /** A day and 512 MiB per partition. */
    public static BrokerSettings of(Path dataDirectory, int port) {
        return new BrokerSettings(dataDirectory, port, Duration.ofHours(24), 512L << 20);
    }
}
