package dev.presage.trainer.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.trainer.learn.TrainingSet;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Latency samples in the wire fields that endpoint pickers with predictor sidecars send (one JSON object a line), with the
 * optional columns {@code gpu_type} (endpoint class), {@code model}, {@code num_tokens_generated} (of the whole reply), {@code t_s}, {@code decision} and {@code true_*} (noise-free truth, for judging only).
 */
final class SampleFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_ROWS = 2_000_000;

    /** The truth of one row in milliseconds; NaN where the file has none. */
    record Truth(double ttftMedian, double ttftMean, double ttftP90, double tpotMedian, double tpotP90) {}

    private final TrainingSet samples = new TrainingSet();
    private final List<Truth> truths = new ArrayList<>();
    private final List<Double> times = new ArrayList<>();
    private final List<Integer> decisions = new ArrayList<>();

    private SampleFile() {}

    static SampleFile read(Path file) throws IOException {
        SampleFile read = new SampleFile();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (number > MAX_ROWS) {
                    throw new IOException(file + ": more than " + MAX_ROWS + " rows");
                }
                if (!line.isBlank()) {
                    read.add(parse(file, number, line), file + ":" + number);
                }
            }
        }
        return read;
    }

    TrainingSet samples() {
        return samples;
    }

    /** Which decision a row was a candidate of; -1 where the file does not say. */
    int decision(int row) {
        return decisions.get(row);
    }

    /** When a row ended, in milliseconds from the start of the file; NaN where the file does not say. */
    double timeMs(int row) {
        return times.get(row);
    }

    List<Truth> truths() {
        return truths;
    }

    private void add(JsonNode json, String where) throws IOException {
        float[] row = new float[FeatureSchema.SIZE];
        double prompt = number(json, "input_token_length", where);
        double uncached = (1 - number(json, "prefix_cache_score", where)) * prompt;
        double waiting = number(json, "num_request_waiting", where);
        double running = number(json, "num_request_running", where);
        set(row, Feature.PROMPT_TOKENS, prompt);
        set(row, Feature.UNCACHED_TOKENS, uncached);
        set(row, Feature.OWN_ATTENTION, uncached * uncached / 2e6);
        set(row, Feature.PENDING_TOKENS, json.path("prefill_tokens_in_flight").asDouble());
        set(row, Feature.PENDING_REQUESTS, waiting);
        set(row, Feature.DECODING_REQUESTS, running);
        set(row, Feature.DECODING_CONTEXT, json.path("decode_tokens_in_flight").asDouble());
        set(row, Feature.WAITING, waiting);
        set(row, Feature.RUNNING, running);
        set(row, Feature.KV_USAGE, number(json, "kv_cache_percentage", where));
        samples.add(
                row,
                json.path("gpu_type").asText(""),
                json.path("gpu_type").asText(""),
                json.path("model").asText(""),
                observed(number(json, "actual_ttft_ms", where)),
                observed(number(json, "actual_tpot_ms", where)),
                observed(json.path("num_tokens_generated").asDouble()));
        decisions.add(json.path("decision").asInt(-1));
        times.add(1e3 * json.path("t_s").asDouble(Double.NaN));
        truths.add(new Truth(
                json.path("true_ttft_median").asDouble(Double.NaN),
                json.path("true_ttft_mean").asDouble(Double.NaN),
                json.path("true_ttft_p90").asDouble(Double.NaN),
                json.path("true_tpot_median").asDouble(Double.NaN),
                json.path("true_tpot_p90").asDouble(Double.NaN)));
    }

    /** The wire says 0 for "not observed". */
    private static double observed(double value) {
        return value > 0 ? value : Double.NaN;
    }

    private static void set(float[] row, Feature feature, double value) {
        row[feature.ordinal()] = (float) value;
    }

    private static JsonNode parse(Path file, int number, String line) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IOException(file + ":" + number + ": not a JSON object: " + e.getOriginalMessage(), e);
        }
    }

    private static double number(JsonNode json, String field, String where) throws IOException {
        JsonNode value = json.path(field);
        if (!value.isNumber() || value.asDouble() < 0) {
            throw new IOException(where + ": field " + field + " must be a number of at least 0");
        }
        return value.asDouble();
    }
}
