package dev.presage.router.metrics;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.Usage;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The histograms of replies to requests that share their labels. Thread-safe. */
final class ReplyMeters {
    private final Timer duration;
    private final Timer perOutputToken;
    private final Timer ttftStreamed;
    private final Timer tpot;
    private final Timer gap;
    private final DistributionSummary input;
    private final DistributionSummary output;
    private final DistributionSummary cached;
    private final DistributionSummary requestBytes;
    private final DistributionSummary responseBytes;

    ReplyMeters(MeterRegistry registry, RequestLabels labels) {
        String[] tags = labels.tags();
        duration = RequestMetric.REQUEST_DURATION.timer(registry, tags);
        perOutputToken = RequestMetric.NTPOT.timer(registry, tags);
        ttftStreamed = RequestMetric.TTFT.timer(registry, labels.tags("streaming", "true"));
        tpot = RequestMetric.STREAMING_TPOT.timer(registry, tags);
        gap = RequestMetric.STREAMING_ITL.timer(registry, tags);
        input = RequestMetric.INPUT_TOKENS.summary(registry, tags);
        output = RequestMetric.OUTPUT_TOKENS.summary(registry, tags);
        cached = RequestMetric.CACHED_TOKENS.summary(registry, tags);
        requestBytes = RequestMetric.REQUEST_SIZE.summary(registry, tags);
        responseBytes = RequestMetric.RESPONSE_SIZE.summary(registry, tags);
    }

    /** {@code waitedMs} is what the request waited in the router before it was sent; the contract counts it in. */
    void ended(Outcome outcome, double waitedMs) {
        double seconds = (waitedMs + outcome.e2eMs()) / 1e3;
        ContractMetric.seconds(duration, seconds);
        Double ttft = outcome.ttftMs();
        if (ttft != null) {
            ContractMetric.seconds(ttftStreamed, (waitedMs + ttft) / 1e3);
        }
        Double perToken = outcome.tpotMs();
        if (perToken != null) {
            ContractMetric.seconds(tpot, perToken / 1e3);
        }
        Usage usage = outcome.usage();
        if (usage.outputTokens() > 0) {
            ContractMetric.seconds(perOutputToken, seconds / usage.outputTokens());
        }
        count(input, usage.promptTokens());
        count(output, usage.outputTokens());
        count(cached, usage.cachedTokens());
    }

    void token(long sinceLastNanos) {
        gap.record(sinceLastNanos, TimeUnit.NANOSECONDS);
    }

    void sizes(long request, long response) {
        requestBytes.record(request);
        responseBytes.record(response);
    }

    private static void count(DistributionSummary summary, int tokens) {
        if (tokens >= 0) {
            summary.record(tokens);
        }
    }
}
