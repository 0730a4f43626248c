package dev.presage.testbed.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.presage.testbed.load.ClientSample;
import dev.presage.testbed.load.Distribution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The document that the live page polls: the scoreboard, cut to what a page can show. {@link #tick} adds a point to the time
 * series and is called by the progress display's thread; {@link #get} by the page's threads.
 */
final class LiveView implements Supplier<byte[]> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double WINDOW_SECONDS = 20;
    private static final int MOST_POINTS = 600;
    private static final int MOST_PAIRS = 600;

    private final Scoreboard scoreboard;
    private final Experiment experiment;
    private final ToIntFunction<Arm> inFlight;
    private final List<ObjectNode> series = new ArrayList<>();
    private volatile String phase = "Starting";

    LiveView(Scoreboard scoreboard, Experiment experiment, ToIntFunction<Arm> inFlight) {
        this.scoreboard = scoreboard;
        this.experiment = experiment;
        this.inFlight = inFlight;
    }

    void phase(String next) {
        phase = next;
    }

    /** Takes a point of the time series. */
    void tick() {
        double now = scoreboard.elapsedSeconds();
        ObjectNode point = JSON.createObjectNode().put("t", Math.round(now * 10) / 10.0);
        for (Arm arm : Arm.values()) {
            Distribution ttft = recent(arm, now, true);
            ReportFormat.put(point, arm.label() + "_p50", ttft.quantile(0.5));
            ReportFormat.put(point, arm.label() + "_p90", ttft.quantile(0.9));
        }
        synchronized (series) {
            series.add(point);
            if (series.size() > MOST_POINTS) {
                series.removeFirst();
            }
        }
    }

    @Override
    public byte[] get() {
        ObjectNode root = JSON.createObjectNode();
        double now = scoreboard.elapsedSeconds();
        root.put("phase", phase)
                .put("elapsed_s", now)
                .put("planned_s", experiment.length().toMillis() / 1e3)
                .put("window_s", (int) WINDOW_SECONDS)
                .put("speed_up", experiment.speedUp());
        for (Arm arm : Arm.values()) {
            arm(root.withArray("arms").addObject(), arm, now);
        }
        ArrayNode points = root.putArray("series");
        synchronized (series) {
            series.forEach(points::add);
        }
        List<PredictionPair> pairs = scoreboard.pairs();
        pairs(root.putArray("pairs"), pairs.subList(Math.max(0, pairs.size() - MOST_PAIRS), pairs.size()));
        replicas(root.putArray("replicas"));
        models(root.putArray("models"), pairs);
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain nodes did not serialise", e);
        }
    }

    private void arm(ObjectNode node, Arm arm, double now) {
        List<Scoreboard.TimedSample> samples = scoreboard.samples(arm);
        Distribution ttft = recent(arm, now, true);
        Distribution tpot = recent(arm, now, false);
        long prompt = 0;
        long cached = 0;
        int failed = 0;
        for (Scoreboard.TimedSample timed : samples) {
            prompt += Math.max(0, timed.sample().promptTokens());
            cached += Math.max(0, timed.sample().cachedTokens());
            failed += timed.sample().ok() ? 0 : 1;
        }
        node.put("name", arm.label())
                .put("answered", samples.size())
                .put("failed", failed)
                .put("in_flight", inFlight.applyAsInt(arm));
        ReportFormat.put(node, "ttft_p50", ttft.quantile(0.5));
        ReportFormat.put(node, "ttft_p90", ttft.quantile(0.9));
        ReportFormat.put(node, "tpot_p50", tpot.quantile(0.5));
        ReportFormat.put(node, "tpot_p90", tpot.quantile(0.9));
        ReportFormat.put(node, "prefix_hit", prompt == 0 ? Double.NaN : (double) cached / prompt);
    }

    private Distribution recent(Arm arm, double now, boolean ttft) {
        return new Distribution(scoreboard.samples(arm).reversed().stream()
                .takeWhile(timed -> timed.endedAtSeconds() >= now - WINDOW_SECONDS)
                .map(Scoreboard.TimedSample::sample)
                .filter(ClientSample::ok)
                .mapToDouble(sample -> experiment.speedUp() * (ttft ? sample.ttftMs() : sample.tpotMs()))
                .toArray());
    }

    private static void pairs(ArrayNode nodes, List<PredictionPair> pairs) {
        for (PredictionPair pair : pairs) {
            ObjectNode node = nodes.addObject();
            ReportFormat.put(node, "ttft_predicted", pair.ttftP50());
            ReportFormat.put(node, "ttft_actual", pair.ttftActual());
            ReportFormat.put(node, "tpot_predicted", pair.tpotP50());
            ReportFormat.put(node, "tpot_actual", pair.tpotActual());
        }
    }

    private void replicas(ArrayNode nodes) {
        TreeSet<String> names = new TreeSet<>();
        for (Arm arm : Arm.values()) {
            names.addAll(scoreboard.picks(arm).keySet());
        }
        for (String name : names) {
            ObjectNode node = nodes.addObject().put("name", name);
            for (Arm arm : Arm.values()) {
                Map<String, Integer> picks = scoreboard.picks(arm);
                int all = picks.values().stream().mapToInt(Integer::intValue).sum();
                node.put(arm.label(), all == 0 ? 0 : picks.getOrDefault(name, 0) / (double) all);
            }
        }
    }

    private void models(ArrayNode nodes, List<PredictionPair> pairs) {
        for (ModelSwap swap : scoreboard.swaps()) {
            List<PredictionPair> own = pairs.stream()
                    .filter(pair -> pair.bundleId().equals(swap.bundleId()))
                    .toList();
            ObjectNode node = nodes.addObject()
                    .put("t", swap.atSeconds())
                    .put("id", swap.shortId())
                    .put("requests", own.size());
            ReportFormat.put(
                    node,
                    "ttft_error",
                    median(own.stream().mapToDouble(PredictionPair::ttftError).toArray()));
            ReportFormat.put(
                    node,
                    "tpot_error",
                    median(own.stream().mapToDouble(PredictionPair::tpotError).toArray()));
            long covered = own.stream().filter(PredictionPair::ttftCovered).count();
            ReportFormat.put(node, "coverage", own.isEmpty() ? Double.NaN : covered / (double) own.size());
        }
    }

    private static double median(double[] values) {
        return new Distribution(values).quantile(0.5);
    }
}
