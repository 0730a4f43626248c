package dev.presage.testbed.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.pipeline.proto.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logged traffic as a trace. */
class LoggedTraceTest {
    @TempDir
    Path directory = Path.of("");

    private static Sample sample(long atMs, String endpoint, int prompt, int cached, int output) {
        return Sample.newBuilder()
                .setRequestId("r" + atMs)
                .setDecidedAtMs(atMs)
                .setEndpoint(endpoint)
                .setPromptTokens(prompt)
                .setCachedTokens(cached)
                .setOutputTokens(output)
                .build();
    }

    @Test
    void aPromptBeginsLikeTheLatestThatIsLongEnoughWhereItWasCached() {
        List<TraceRequest> trace = LoggedTrace.of(List.of(
                sample(5_000, "a", 2_100, 1_600, 9),
                sample(1_000, "a", 2_048, 0, 7),
                sample(2_000, "b", 4_096, 0, 7),
                sample(3_000, "a", 1_000, 0, 7),
                sample(4_000, "a", 1_000, 0, 0)));
        assertEquals(
                List.of(0.0, 1_000.0, 2_000.0, 4_000.0),
                trace.stream().map(TraceRequest::arrivalMs).toList());
        long[] last = trace.getLast().hashIds();
        assertEquals(5, last.length);
        assertArrayEquals(
                Arrays.copyOf(trace.getFirst().hashIds(), 3), Arrays.copyOf(last, 3), "1,600 tokens are three blocks");
        assertEquals(4 + 8 + 2 + 1, last[3], "what follows is its own");
        assertEquals(9, trace.getLast().outputTokens());
    }

    @Test
    void whatWasCachedByNobodyKnownIsCutShort() {
        TraceRequest only = LoggedTrace.of(List.of(sample(0, "a", 600, 600, 1))).getFirst();
        assertArrayEquals(new long[] {1, 2}, only.hashIds());
    }

    @Test
    void theLabReadsItsLines() throws IOException {
        List<TraceRequest> trace =
                LoggedTrace.of(List.of(sample(10, "a", 2_048, 0, 7), sample(1_500, "a", 2_600, 2_048, 3)));
        Path file = directory.resolve("trace.jsonl");
        Files.write(file, trace.stream().map(LoggedTrace::line).toList());
        List<TraceRequest> read = Trace.mooncake(file);
        for (int i = 0; i < trace.size(); i++) {
            assertEquals(trace.get(i).arrivalMs(), read.get(i).arrivalMs());
            assertEquals(trace.get(i).promptTokens(), read.get(i).promptTokens());
            assertEquals(trace.get(i).outputTokens(), read.get(i).outputTokens());
            assertArrayEquals(trace.get(i).hashIds(), read.get(i).hashIds());
        }
    }
}
