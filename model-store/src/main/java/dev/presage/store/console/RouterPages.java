package dev.presage.store.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.presage.store.console.Routers.Burn;
import dev.presage.store.console.Routers.Objective;
import dev.presage.store.console.Routers.RouterState;
import dev.presage.store.console.Routers.Spent;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the pages of a router's metrics port. Pure; what a page lacks is zero, empty or unknown. */
final class RouterPages {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)})? ([^ ]+).*");
    private static final String QUEUE = "llm_d_epp_flow_control_request_queue_duration_seconds_";
    private static final String TTFT = "llm_d_epp_request_ttft_seconds_";
    private static final String REQUEST = "llm_d_epp_request_duration_seconds_";

    private RouterPages() {}

    /** From {@code /debug/presage} and {@code /debug/slo}. */
    static RouterState read(URI base, JsonNode state, JsonNode books) {
        String pool = state.path("pool").asText();
        List<Objective> objectives = new ArrayList<>();
        books.path("slos").forEach(slo -> objectives.add(objective(pool, slo)));
        return new RouterState(
                base,
                "",
                pool,
                state.path("model").path("bundle").asText(""),
                state.path("endpoints").size(),
                objectives,
                Spent.UNKNOWN);
    }

    private static Objective objective(String pool, JsonNode slo) {
        List<Burn> burns = new ArrayList<>();
        slo.path("burn")
                .properties()
                .forEach(burn -> burns.add(new Burn(
                        burn.getKey(),
                        burn.getValue().path("requests").asLong(),
                        burn.getValue().path("bad").asLong(),
                        burn.getValue().path("enough").asBoolean())));
        return new Objective(
                slo.path("name").asText(),
                pool,
                target(slo.path("ttft")),
                target(slo.path("tpot")),
                slo.path("objective").asDouble(),
                slo.path("window").asText(),
                slo.path("requests").asLong(),
                slo.path("bad").asLong(),
                slo.path("unmeasured").asLong(),
                burns);
    }

    private static @Nullable Double target(JsonNode target) {
        return target.has("ms") ? target.path("ms").asDouble() : null;
    }

    /** From the sums of histograms: all requests have a duration, streamed ones a TTFT, those that waited a time in the queue. */
    static RouterState spent(RouterState router, String page) {
        double queue = sum(page, QUEUE + "sum");
        double requests = sum(page, REQUEST + "count");
        double streamed = sum(page, TTFT + "count");
        Double ttftMs = streamed == 0 ? null : Double.valueOf(1e3 * sum(page, TTFT + "sum") / streamed);
        Double queueMs = requests == 0 ? null : Double.valueOf(1e3 * queue / requests);
        Double wholeMs = requests == 0 ? null : Double.valueOf(1e3 * sum(page, REQUEST + "sum") / requests);
        Spent spent = new Spent(queueMs, minus(ttftMs, queueMs), minus(wholeMs, ttftMs));
        return new RouterState(
                router.base(), "", router.pool(), router.bundle(), router.endpoints(), router.objectives(), spent);
    }

    private static @Nullable Double minus(@Nullable Double whole, @Nullable Double part) {
        return whole == null || part == null ? null : Double.valueOf(Math.max(0, whole - part));
    }

    /** Over all series of that name in a page of the Prometheus text format. */
    private static double sum(String page, String name) {
        double sum = 0;
        for (String line : page.lines().filter(line -> line.startsWith(name)).toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches() && name.equals(sample.group(1))) {
                sum += Double.parseDouble(sample.group(3));
            }
        }
        return sum;
    }
}
