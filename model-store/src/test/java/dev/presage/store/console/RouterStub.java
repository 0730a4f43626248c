package dev.presage.store.console;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Answers as a router's metrics port does. That a real router answers so is {@code ConsoleReadsRouterTest}'s to show, in the router's module.
 */
final class RouterStub implements AutoCloseable {
    private final HttpServer server;

    RouterStub(String bundle) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Map<String, String> pages = Map.of(
                "/debug/presage",
                """
                {"pool": "chat", "model": {"bundle": "%s", "trainedAt": "2026-01-31T12:00:00Z"}, "endpoints": [{}, {}, {}]}
                """.formatted(bundle),
                "/debug/slo",
                """
                {"slos": [%s, %s]}
                """.formatted(slo("interactive", 800, 10_000, 20, 1), slo("batch", 30_000, 2_000, 40, 9)),
                "/metrics",
                """
                # TYPE llm_d_epp_request_duration_seconds histogram
                llm_d_epp_request_duration_seconds_bucket{model_name="m",le="1.0"} 10
                llm_d_epp_request_duration_seconds_count{model_name="m"} 400
                llm_d_epp_request_duration_seconds_sum{model_name="m"} 1200.0
                llm_d_epp_request_ttft_seconds_count{model_name="m",streaming="true"} 400
                llm_d_epp_request_ttft_seconds_sum{model_name="m",streaming="true"} 200.0
                llm_d_epp_flow_control_request_queue_duration_seconds_count{model_name="m"} 40
                llm_d_epp_flow_control_request_queue_duration_seconds_sum{model_name="m"} 20.0
                """);
        pages.forEach((path, body) -> server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }));
        server.start();
    }

    private static String slo(String name, double ttftMs, int requests, int bad, double rate) {
        StringBuilder burns = new StringBuilder();
        for (String window : new String[] {"5m", "30m", "1h", "2h", "6h", "1d", "3d"}) {
            burns.append(burns.isEmpty() ? "" : ",")
                    .append("\"%s\": {\"requests\": 1000, \"bad\": %d, \"rate\": %s, \"enough\": %b}"
                            .formatted(window, (int) (rate * 10), rate, !window.equals("5m")));
        }
        return """
                {"name": "%s", "ttft": {"ms": %s, "percentile": 95}, "objective": 0.99, "window": "PT720H",
                 "since": "2026-01-31T12:00:00Z", "requests": %d, "bad": %d, "unmeasured": 3, "attainment": 0.998,
                 "budgetLeft": 0.8, "burn": {%s}}
                """.formatted(name, ttftMs, requests, bad, burns);
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
