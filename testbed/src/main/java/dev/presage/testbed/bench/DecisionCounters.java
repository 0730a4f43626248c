package dev.presage.testbed.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the router under test says about who decided: its counter of decisions by policy and reason. */
final class DecisionCounters implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern LINE = Pattern.compile("^presage_decisions_total\\{(.*)} (\\S+)$", Pattern.MULTILINE);
    private static final Pattern FALLBACK = Pattern.compile("fallback=\"([^\"]*)\"");
    private static final Pattern POLICY = Pattern.compile("policy=\"([^\"]*)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI page;

    DecisionCounters(int metricsPort) {
        page = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
    }

    Map<String, Long> read() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(page).timeout(TIMEOUT).build();
        return parse(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** Decisions per {@code policy} or {@code policy/reason}. */
    static Map<String, Long> parse(String text) {
        Map<String, Long> decisions = new HashMap<>();
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            String reason = label(FALLBACK, line.group(1));
            String name = label(POLICY, line.group(1)) + (reason.isEmpty() ? "" : "/" + reason);
            decisions.merge(name, Math.round(Double.parseDouble(line.group(2))), Long::sum);
        }
        return decisions;
    }

    /** What was added between two readings. */
    static Map<String, Long> between(Map<String, Long> earlier, Map<String, Long> later) {
        Map<String, Long> added = new HashMap<>();
        later.forEach((name, count) -> {
            long more = count - earlier.getOrDefault(name, 0L);
            if (more > 0) {
                added.put(name, more);
            }
        });
        return added;
    }

    private static String label(Pattern name, String labels) {
        Matcher found = name.matcher(labels);
        return found.find() ? found.group(1) : "";
    }

    @Override
    public void close() {
        client.close();
    }
}
