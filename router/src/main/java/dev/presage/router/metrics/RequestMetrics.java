package dev.presage.router.metrics;

import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.request.InferenceRequest;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Requests from their decision to their end, under the contract's names. Thread-safe; about a microsecond a call. */
final class RequestMetrics implements RoutingListener {
    static final String DEFAULT_FLOW = "default-flow";

    private static final int MAX_PRIORITIES = 100;
    /** More than the model names of one pool, and a bound on what a client can make by combining headers. */
    private static final int MAX_COMBINATIONS = 2000;

    private final BoundedLabel models = new BoundedLabel(BoundedLabel.MAX_VALUES);
    private final BoundedLabel flows = new BoundedLabel(BoundedLabel.MAX_VALUES);
    private final BoundedLabel priorities = new BoundedLabel(MAX_PRIORITIES);
    private final Series<RequestLabels, RequestMeters> requests;
    private final Series<RequestLabels, PredictionMeters> predictions;
    private final EndpointLoad load;

    RequestMetrics(MeterRegistry registry, EndpointLoad load) {
        this.load = load;
        requests = new Series<>(MAX_COMBINATIONS, RequestLabels.OTHER, labels -> new RequestMeters(registry, labels));
        predictions =
                new Series<>(MAX_COMBINATIONS, RequestLabels.OTHER, labels -> new PredictionMeters(registry, labels));
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        InferenceRequest request = decision.candidates().request();
        RequestLabels labels = labels(request);
        RequestMeters meters = requests.of(labels);
        meters.routed();
        load.sent(decision.endpoint().id(), labels, request.promptTokens());
        StreamMeter stream = StreamMeter.current();
        if (stream != null) {
            stream.routed(meters);
        }
        Predictions predicted = decision.choice().predictions();
        if (predicted != null) {
            int chosen = decision.choice().candidate();
            predictions(labels)
                    .predicted(
                            predicted.locationMs(Target.TTFT, chosen),
                            predicted.locationMs(Target.TPOT, chosen),
                            tookNanos);
        }
    }

    @Override
    public void token(Decision.Routed decision, long sinceLastNanos) {
        requests.of(labels(decision.candidates().request())).replies().token(sinceLastNanos);
    }

    @Override
    public void ended(Outcome outcome) {
        Decision.Routed decision = outcome.decision();
        InferenceRequest request = decision.candidates().request();
        RequestLabels labels = labels(request);
        RequestMeters meters = requests.of(labels);
        meters.ended();
        load.ended(decision.endpoint().id(), labels, request.promptTokens());
        StreamMeter stream = StreamMeter.current();
        meters.replies().ended(outcome, stream == null ? 0 : stream.waitedMs());
        String code = errorCode(outcome);
        if (code != null) {
            meters.failed(code);
        }
        double ttftObjective = objective(request, "x-llm-d-slo-ttft-ms", "x-slo-ttft-ms");
        double tpotObjective = objective(request, "x-llm-d-slo-tpot-ms", "x-slo-tpot-ms");
        if (decision.choice().predictions() != null || ttftObjective > 0 || tpotObjective > 0) {
            predictions(labels).measured(outcome.ttftMs(), ttftObjective, outcome.tpotMs(), tpotObjective);
        }
    }

    void refused(String model, int priority, String errorCode) {
        requests.of(labels(model, model, DEFAULT_FLOW, priority)).refused(errorCode);
    }

    private static @Nullable String errorCode(Outcome outcome) {
        return switch (outcome.cause()) {
            case COMPLETED -> outcome.httpStatus() < 200 || outcome.httpStatus() > 299 ? "ModelServerError" : null;
            case UPSTREAM_ERROR -> "ModelServerError";
            case CLIENT_DISCONNECT -> "ClientDisconnect";
            case EVICTED -> "Evicted";
            case ROUTER_SHUTDOWN -> "RouterShutdown";
        };
    }

    private PredictionMeters predictions(RequestLabels labels) {
        return predictions.of(new RequestLabels(labels.model(), labels.target(), "", ""));
    }

    private RequestLabels labels(InferenceRequest request) {
        String flow = header(request, "x-llm-d-inference-fairness-id", "x-gateway-inference-fairness-id");
        return labels(
                request.requestedModel(), request.model(), flow.isEmpty() ? DEFAULT_FLOW : flow, request.priority());
    }

    private RequestLabels labels(String model, String target, String flow, int priority) {
        return new RequestLabels(
                models.of(model), models.of(target), flows.of(flow), priorities.of(Integer.toString(priority)));
    }

    private static double objective(InferenceRequest request, String name, String oldName) {
        String value = header(request, name, oldName);
        try {
            return value.isEmpty() ? 0 : Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String header(InferenceRequest request, String name, String oldName) {
        String value = request.headers().get(name);
        return value != null ? value : request.headers().getOrDefault(oldName, "");
    }
}
