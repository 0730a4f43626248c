package dev.presage.router.epp;

import java.time.Duration;
import picocli.CommandLine.Option;

/** Flags of the two gRPC ports of {@code presage epp}. */
final class ServingFlags extends ListenFlags {
    @Option(
            names = "--last-streams-timeout",
            defaultValue = "10m",
            converter = GoDuration.class,
            description = "how long streams that are open after the drain may go on (${DEFAULT-VALUE})")
    Duration lastStreams = Duration.ofMinutes(10);

    @Option(
            names = "--disable-endpoint-subset-filter",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "ignore the gateway's subset hint")
    boolean ignoreSubset;

    @Option(
            names = "--emit-endpoint-scores",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "all candidates' scores in dynamic metadata")
    boolean emitScores;

    ServingFlags() {
        super(9002, 9003, 4 << 20);
    }
}
