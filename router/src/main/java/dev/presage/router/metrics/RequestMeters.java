package dev.presage.router.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The meters of requests that share their labels. Histograms are made with the first reply. Thread-safe. */
final class RequestMeters {
    private final MeterRegistry registry;
    private final RequestLabels labels;
    private final Counter total;
    private final AtomicInteger running = new AtomicInteger();
    private final Series<String, Counter> errors;
    private volatile @Nullable ReplyMeters replies;

    RequestMeters(MeterRegistry registry, RequestLabels labels) {
        this.registry = registry;
        this.labels = labels;
        total = RequestMetric.REQUESTS.counter(registry, labels.tags());
        RequestMetric.RUNNING.gauge(registry, running::get, labels.tags());
        errors = new Series<>(
                RequestLabels.MAX_CODES,
                BoundedLabel.OTHER,
                code -> RequestMetric.REQUEST_ERRORS.counter(registry, labels.tags("error_code", code)));
    }

    void routed() {
        total.increment();
        running.incrementAndGet();
    }

    /** The request was refused before it was routed. */
    void refused(String errorCode) {
        total.increment();
        failed(errorCode);
    }

    void ended() {
        running.decrementAndGet();
    }

    void failed(String errorCode) {
        errors.of(errorCode).increment();
    }

    ReplyMeters replies() {
        ReplyMeters made = replies;
        if (made == null) {
            made = new ReplyMeters(registry, labels);
            replies = made;
        }
        return made;
    }
}
