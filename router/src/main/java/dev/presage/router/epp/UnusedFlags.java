package dev.presage.router.epp;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** Flags of the contract that are taken and do nothing here, or that the contract itself rejects. */
final class UnusedFlags {
    private static final String IGNORED = "accepted, without effect";
    private static final String REJECTED = "rejected: use engineConfigs";

    /** Length of a flag like {@code -v}, which its value may follow at once. */
    private static final int SHORT = 2;

    @Option(
            names = {
                "--grpc-max-send-msg-size",
                "--refresh-prometheus-metrics-interval",
                "-v",
                "--v",
                "--zap-encoder",
                "--zap-log-level",
                "--zap-stacktrace-level",
                "--zap-time-encoding"
            },
            description = IGNORED)
    List<String> values = new ArrayList<>();

    @Option(names = "--zap-devel", arity = "0..1", fallbackValue = "true", description = IGNORED)
    List<Boolean> switches = new ArrayList<>();

    @Option(
            names = {
                "--total-queued-requests-metric",
                "--total-running-requests-metric",
                "--kv-cache-usage-percentage-metric",
                "--lora-info-metric",
                "--cache-info-metric"
            },
            description = REJECTED)
    List<String> deprecated = new ArrayList<>();

    /** The names given that have no effect. */
    static List<String> ignored(ParseResult parsed) {
        return given(parsed, IGNORED);
    }

    /** The names given that must not be. */
    static List<String> rejected(ParseResult parsed) {
        return given(parsed, REJECTED);
    }

    private static List<String> given(ParseResult parsed, String kind) {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            if (option.description().length > 0 && option.description()[0].equals(kind)) {
                for (String name : option.names()) {
                    boolean written = parsed.originalArgs().stream()
                            .anyMatch(arg -> arg.equals(name)
                                    || arg.startsWith(name + "=")
                                    || name.length() == SHORT && arg.startsWith(name));
                    if (written) {
                        names.add(name);
                    }
                }
            }
        }
        return names;
    }
}
