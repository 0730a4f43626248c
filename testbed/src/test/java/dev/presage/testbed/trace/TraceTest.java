package dev.presage.testbed.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void readsTheBundledTraces() {
        List<TraceRequest> mooncake = Trace.mooncakeConversation();
        assertEquals(12_031, mooncake.size());
        assertEquals(
                12_035,
                mooncake.stream().mapToInt(TraceRequest::promptTokens).average().orElseThrow(),
                1);
        assertEquals(
                343,
                mooncake.stream().mapToInt(TraceRequest::outputTokens).average().orElseThrow(),
                1);
        assertEquals(14, mooncake.getFirst().hashIds().length);
        List<TraceRequest> azure = Trace.azureConversation();
        assertEquals(19_366, azure.size());
        assertEquals(4314.579, azure.get(1).arrivalMs(), 1e-9);
        assertEquals(396, azure.get(1).promptTokens());
        assertEquals(0, azure.get(1).hashIds().length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"timestamp\":0|line: is not JSON: ",
                "[]|line: is not a JSON object",
                "{\"timestamp\":-1,\"input_length\":5,\"output_length\":1,\"hash_ids\":[1]}|timestamp: must be an integer from 0, got -1",
                "{\"timestamp\":0,\"output_length\":1,\"hash_ids\":[1]}|input_length: must be an integer from 1, got ",
                "{\"timestamp\":0,\"input_length\":5,\"output_length\":0,\"hash_ids\":[1]}|output_length: must be an integer from 1, got 0",
                "{\"timestamp\":0,\"input_length\":5,\"output_length\":1,\"hash_ids\":[\"x\"]}|hash_ids[0]: must be an integer, got \"x\"",
                "{\"timestamp\":0,\"input_length\":600,\"output_length\":1,\"hash_ids\":[1]}|hash_ids: must have 2 ids for the input length, got 1",
            })
    void namesFileLineAndFieldOfABadMooncakeLine(String line, String problem) throws IOException {
        Path file = directory.resolve("trace.jsonl");
        Files.writeString(
                file, "{\"timestamp\":0,\"input_length\":5,\"output_length\":1,\"hash_ids\":[1]}\n\n" + line + "\n");
        expect(file + ":3: " + problem, () -> Trace.mooncake(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.0,5|line: must have the 3 fields arrived_at,num_prefill_tokens,num_decode_tokens, got 2",
                "NaN,5,5|arrived_at: must be a number of seconds from 0, got 'NaN'",
                "1.0,0,5|num_prefill_tokens: must be an integer from 1, got '0'",
                "1.0,5,x|num_decode_tokens: must be an integer from 1, got 'x'",
            })
    void namesFileLineAndFieldOfABadAzureLine(String line, String problem) throws IOException {
        Path file = directory.resolve("trace.csv");
        Files.writeString(file, "arrived_at,num_prefill_tokens,num_decode_tokens\n" + line + "\n");
        expect(file + ":2: " + problem, () -> Trace.azure(file));
    }

    @Test
    void blockHashesShareExactlyThePrefixTheIdsShare() {
        long[] a = PromptBlocks.hashes(request(0, 1_100, 1, 2, 3), 16);
        long[] b = PromptBlocks.hashes(request(1, 1_030, 1, 2, 9), 16);
        assertEquals(68, a.length);
        assertEquals(64, b.length);
        assertArrayEquals(Arrays.copyOf(a, 64), b);
        assertEquals(16, PromptBlocks.hashes(request(1, 1_030, 1, 2, 9), 64).length);
        assertEquals(68, Arrays.stream(a).distinct().count());
        assertEquals(0, shared(PromptBlocks.hashes(request(0, 640), 16), PromptBlocks.hashes(request(1, 640), 16)));
    }

    @Test
    void textHasFourBytesATokenAndTheTracesPrefixes() {
        String a = PromptText.of(request(0, 1_100, 1, 2, 3));
        String b = PromptText.of(request(1, 1_030, 1, 7, 9));
        assertEquals(4_400, a.length());
        assertEquals(a.substring(0, 2_048), b.substring(0, 2_048));
        assertEquals(-1, a.indexOf(b.substring(2_048, 2_112)));
        assertEquals(a, PromptText.of(request(5, 1_100, 1, 2, 3)));
        assertEquals(true, a.matches("[A-Za-z0-9_-]+"));
    }

    private static long shared(long[] a, long[] b) {
        return Arrays.stream(a)
                .filter(hash -> Arrays.stream(b).anyMatch(other -> other == hash))
                .count();
    }

    private static TraceRequest request(int position, int prompt, long... ids) {
        return new TraceRequest(position, 0, prompt, 10, ids);
    }

    private static void expect(String message, Runnable read) {
        String actual = String.valueOf(
                assertThrows(TraceFormatException.class, read::run).getMessage());
        assertEquals(message, actual.substring(0, Math.min(message.length(), actual.length())));
    }
}
