package dev.presage.trainer.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateCommandTest {
    private static final int DRIFT_AT = 3_000;

    @TempDir
    Path directory;

    private final SplittableRandom random = new SplittableRandom(9);

    private Path rows(String name, int count, int driftAt) throws IOException {
        return rows(name, count, driftAt, count);
    }

    /** Rows stand in decisions of {@code candidates}. */
    private Path rows(String name, int count, int driftAt, int candidates) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int tokens = random.nextInt(64, 8_000);
            double truth = (i < driftAt ? 1 : 1.8) * (20 + 0.06 * tokens);
            lines.add(String.format(
                    Locale.ROOT,
                    "{\"t_s\":%.3f,\"decision\":%d,\"gpu_type\":\"H100\",\"kv_cache_percentage\":0.5,\"input_token_length\":%d,"
                            + "\"num_request_waiting\":0,\"num_request_running\":8,\"prefix_cache_score\":0,"
                            + "\"actual_ttft_ms\":%.3f,\"actual_tpot_ms\":%.3f,\"true_ttft_median\":%.3f,"
                            + "\"true_ttft_mean\":%.3f,\"true_tpot_median\":12}",
                    i * 0.005,
                    i / candidates,
                    tokens,
                    truth * Math.exp(0.1 * random.nextGaussian()),
                    12 * Math.exp(0.05 * random.nextGaussian()),
                    truth,
                    truth));
        }
        return Files.write(directory.resolve(name), lines);
    }

    private static int evaluate(StringWriter out, String... arguments) {
        return new CommandLine(new EvaluateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments);
    }

    @Test
    void aDriftingStreamIsFollowed() throws IOException {
        StringWriter out = new StringWriter();
        int exit = evaluate(
                out,
                "--stream",
                rows("stream.jsonl", 5_000, DRIFT_AT).toString(),
                "--test",
                rows("test.jsonl", 1_000, 0).toString(),
                "--drift-at",
                Integer.toString(DRIFT_AT),
                "--checkpoints",
                "10,2000",
                "--quantile",
                "0.5",
                "--output",
                "json");

        assertEquals(0, exit, out.toString());
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertEquals(10, json.path("checkpoints").path(0).path("rows_after").asInt());
        double before = json.path("checkpoints").path(0).path("ttft_error").asDouble();
        double after = json.path("checkpoints").path(1).path("ttft_error").asDouble();
        assertTrue(before > 0.3, "the old model should be off, " + before);
        assertTrue(after < 0.05, "the new one should not, " + after);
    }

    @Test
    void picksAreJudgedWhereTheFileHoldsDecisions() throws IOException {
        StringWriter out = new StringWriter();
        int exit = evaluate(
                out,
                "--train",
                rows("train.jsonl", 2_000, 2_000).toString(),
                "--test",
                rows("decisions.jsonl", 1_000, 1_000, 4).toString(),
                "--quantile",
                "0.5",
                "--output",
                "json");

        assertEquals(0, exit, out.toString());
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertEquals(250, json.path("decisions").asInt());
        assertTrue(json.path("top1").asDouble() > 0.95, out.toString());
        double oracle = json.path("oracle_ttft_ms").asDouble();
        assertTrue(json.path("picked_ttft_ms").asDouble() < 1.02 * oracle, out.toString());
    }

    @Test
    void trainAndStreamTogetherAreRefused() throws IOException {
        StringWriter out = new StringWriter();
        String file = rows("any.jsonl", 10, 0).toString();
        assertEquals(2, evaluate(out, "--stream", file, "--train", file, "--test", file));
        assertTrue(out.toString().contains("exactly one of --train and --stream"), out.toString());
    }

    @Test
    void aCheckpointBehindTheEndIsRefused() throws IOException {
        StringWriter out = new StringWriter();
        String file = rows("short.jsonl", 10, 0).toString();
        assertEquals(1, evaluate(out, "--stream", file, "--test", file, "--checkpoints", "11"));
        assertTrue(out.toString().contains("the stream has 10 rows"), out.toString());
    }
}
