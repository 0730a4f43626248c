package dev.presage.router.slo;

import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** SLOs and requests for tests. */
public final class Slos {
    private Slos() {}

    /** TTFT within 800 ms and TPOT within 50 ms, each request for itself, 99 % of 30 days. */
    public static LatencySlo of(String name, SloSelector selector) {
        return new LatencySlo(
                name,
                selector,
                new LatencyTarget(800, 0),
                new LatencyTarget(50, 0),
                Duration.ofDays(30),
                0.99,
                OnViolation.PREFER,
                30);
    }

    /** One document, the name given. */
    public static String yaml(String name, String selector) {
        return """
                apiVersion: presage.dev/v1alpha1
                kind: LatencySLO
                metadata: {name: %s}
                spec:
                  selector: %s
                  targets: {ttft: {ms: 800}, tpot: {ms: 50}}
                  objective: 99
                """.formatted(name, selector);
    }

    /** A request for a model, with headers as name and value in turn. */
    public static InferenceRequest request(String model, String... headers) {
        Map<String, String> byName = new java.util.HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            byName.put(headers[i], headers[i + 1]);
        }
        return new InferenceRequest("r", "client", model, "target", Api.CHAT, 100, new long[0], 100, true, 0, byName);
    }

    /** The SLOs of one text, which must be valid. */
    public static List<LatencySlo> read(String text) {
        SloReading reading = SloReading.of("slo.yaml", text);
        if (!reading.problems().isEmpty()) {
            throw new AssertionError(reading.problems());
        }
        return reading.slos();
    }
}
