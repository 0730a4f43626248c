package dev.presage.router.plugin;

import dev.presage.router.request.InferenceRequest;

/** What the client asks for, in milliseconds; 0 where it asks for nothing. */
public record Slo(double ttftMs, double tpotMs) {
    public static Slo of(InferenceRequest request) {
        return new Slo(
                header(request, "x-llm-d-slo-ttft-ms", "x-slo-ttft-ms"),
                header(request, "x-llm-d-slo-tpot-ms", "x-slo-tpot-ms"));
    }

    /** The newer name wins; what is no positive number is no SLO. */
    private static double header(InferenceRequest request, String name, String legacy) {
        String text = request.headers().getOrDefault(name, request.headers().getOrDefault(legacy, ""));
        try {
            double value = text.isBlank() ? 0 : Double.parseDouble(text.strip());
            return value > 0 && value < Double.POSITIVE_INFINITY ? value : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    public boolean any() {
        return ttftMs > 0 || tpotMs > 0;
    }
}
