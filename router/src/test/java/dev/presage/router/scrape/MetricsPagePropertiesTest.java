package dev.presage.router.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.QueueState;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class MetricsPagePropertiesTest {
    private static final String[] FRAGMENTS = {
        "vllm:num_requests_waiting",
        "vllm:kv_cache_usage_perc",
        "vllm:lora_requests_info",
        "vllm:cache_config_info",
        "running_lora_adapters=\"",
        "block_size=\"",
        "{",
        "}",
        "\"",
        "\\",
        "\n",
        " ",
        "=",
        ",",
        "1e309",
        "-",
        "NaN",
        "7"
    };

    @Property(tries = 500)
    void anyBytesAreTaken(@ForAll @Size(max = 4000) byte[] bytes, @ForAll Engine engine) {
        feed(new MetricsPage(engine.spec()), bytes, 1 + bytes.length / 3);
    }

    @Property(tries = 1000)
    void anyMixtureOfItsOwnWordsIsTaken(@ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int chunk) {
        byte[] bytes = words(new Random(seed), 200);
        feed(new MetricsPage(Engine.VLLM.spec()), bytes, chunk);
    }

    @Property(tries = 500)
    void theDivisionIntoChunksDoesNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int chunk) {
        byte[] bytes = words(new Random(seed), 200);
        assertEquals(
                feed(new MetricsPage(Engine.VLLM.spec()), bytes, bytes.length),
                feed(new MetricsPage(Engine.VLLM.spec()), bytes, chunk));
    }

    @Property(tries = 500)
    void theLoadIsFoundAmongAnythingElse(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 100_000) int waiting,
            @ForAll @IntRange(max = 64, min = 1) int chunk) {
        Random random = new Random(seed);
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        noise(random, page);
        page.writeBytes(("\nvllm:num_requests_waiting{model_name=\"m\"} " + waiting + ".0\n")
                .getBytes(StandardCharsets.US_ASCII));
        noise(random, page);
        EngineSignals signals = feed(new MetricsPage(Engine.VLLM.spec()), page.toByteArray(), chunk);
        assertNotNull(signals);
        assertEquals(waiting, signals.waiting());
    }

    @Property(tries = 20)
    void aLineWithoutEndIsSkippedNotKept(@ForAll @IntRange(min = 1, max = 5000) int chunk) {
        byte[] bytes = ("vllm:num_requests_running{a=\"" + "x".repeat(MetricsPage.MAX_LINE) + "\"} 9\n"
                        + "vllm:num_requests_waiting 1\n")
                .getBytes(StandardCharsets.US_ASCII);
        EngineSignals signals = feed(new MetricsPage(Engine.VLLM.spec()), bytes, chunk);
        assertNotNull(signals);
        assertEquals(0, signals.running());
        assertEquals(1, signals.waiting());
    }

    @Property
    void newlinesAreFoundWhereTheyAre(@ForAll @Size(max = 100) byte[] bytes, @ForAll @IntRange(max = 20) int skip) {
        int from = Math.min(skip, bytes.length);
        int expected = from;
        while (expected < bytes.length && bytes[expected] != '\n') {
            expected++;
        }
        assertEquals(expected, Newlines.next(bytes, from, bytes.length));
    }

    private static @Nullable EngineSignals feed(MetricsPage page, byte[] bytes, int chunk) {
        page.begin();
        for (int from = 0; from < bytes.length; from += chunk) {
            page.feed(bytes, from, Math.min(bytes.length, from + chunk));
        }
        return page.end(1, QueueState.IDLE);
    }

    private static byte[] words(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void noise(Random random, ByteArrayOutputStream page) {
        byte[] bytes = new byte[random.nextInt(500)];
        random.nextBytes(bytes);
        page.writeBytes(bytes);
    }
}
