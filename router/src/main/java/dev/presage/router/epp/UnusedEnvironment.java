package dev.presage.router.epp;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Environment variables of the contract's predictor sidecars, which deployments set and this router does not need. */
final class UnusedEnvironment {
    private static final Pattern PREDICTOR = Pattern.compile("(TRAINING|PREDICTION)_SERVER_URL|LATENCY_[A-Z_]+");

    private UnusedEnvironment() {}

    /** What to tell the operator, in a sentence for all of them. */
    static List<String> warnings(Map<String, String> environment) {
        TreeSet<String> names = new TreeSet<>(environment.keySet());
        names.removeIf(name -> !PREDICTOR.matcher(name).matches());
        return names.isEmpty()
                ? List.of()
                : List.of(String.join(", ", names) + " have no effect: the predictor is built in and needs no sidecar");
    }
}
