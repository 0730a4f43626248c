package dev.presage.router.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.predict.Aim;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.SloBook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator can do to the file of latency targets: what was in force stays, and the reason is one that can be acted on. */
class SloFileChaosTest {
    @TempDir
    Path directory = Path.of(".");

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final SloBook book = new SloBook("chat", InstantSource.system(), Aim.NONE);
    private final SloListener listener = new SloListener() {
        @Override
        public void slosLoaded(int count) {
            told.add("loaded " + count);
        }

        @Override
        public void slosRejected(String reason) {
            told.add(reason);
        }
    };

    @Test
    void whatIsWrongChangesNothingAndIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("slo.yaml"), slo("good", "{model: m}", "800"));
        try (SloFile following = SloFile.start(file, book, listener)) {
            assertEquals("loaded 1", next());
            LatencySlo inForce = Objects.requireNonNull(book.find(request("m", "")));
            Map<String, String> wrong = new LinkedHashMap<>();
            wrong.put("a: [", "line 1");
            wrong.put("\0\1\2", "is not YAML");
            wrong.put(
                    slo("good", "{model: m}", "0"), "line 4: spec.targets.ttft.ms must be within 0.1..600000.0, is 0");
            wrong.put(slo("good", "{modell: m}", "1"), "line 4: spec.selector.modell is not a known field");
            wrong.put(
                    slo("one", "{model: m}", "1") + "---\n" + slo("two", "{model: m}", "2"),
                    "SLOs one and two have the same selector");
            wrong.put(
                    slo("one", "{tenant: t, model: m}", "1") + "---\n" + slo("one", "{tenant: t}", "1"),
                    "line 6: repeats the name one");
            wrong.put(many(10_001), "has 10001 documents, more than 10000");
            for (Map.Entry<String, String> content : wrong.entrySet()) {
                replace(file, content.getKey());
                String reason = next();
                assertTrue(reason.contains(content.getValue()), reason);
                assertEquals(inForce, book.find(request("m", "")), reason);
                assertEquals(1, book.size());
            }
            replace(file, many(10_000));
            assertEquals("loaded 10000", next());
            assertEquals(10_000, book.size());
            for (int tenant : new int[] {0, 4_321, 9_999}) {
                assertEquals(
                        "slo-" + tenant,
                        Objects.requireNonNull(book.find(request("m", "tenant-" + tenant)))
                                .name());
            }
            assertEquals(null, book.find(request("m", "")), "the first one is gone");
        }
    }

    /** Bytes of a good file are lost, doubled and turned, from a fixed seed: each version is in force as a whole or not at all. */
    @Test
    void damageIsRefusedOrReadAsAWhole() throws Exception {
        String good = slo("one", "{tenant: a}", "800") + "---\n" + slo("two", "{tenant: b}", "50");
        Path file = Files.writeString(directory.resolve("slo.yaml"), good);
        Random random = new Random(7);
        int refused = 0;
        try (SloFile following = SloFile.start(file, book, listener)) {
            assertEquals("loaded 2", next());
            int inForce = 2;
            for (int i = 0; i < 60; i++) {
                byte[] bytes = (good + "# " + i).getBytes(StandardCharsets.UTF_8);
                bytes[random.nextInt(good.length())] = (byte) random.nextInt(128);
                replace(file, new String(bytes, StandardCharsets.UTF_8));
                String outcome = next();
                if (outcome.startsWith("loaded ")) {
                    inForce = Integer.parseInt(outcome.substring("loaded ".length()));
                } else {
                    refused++;
                    assertTrue(outcome.contains("slo.yaml") || outcome.contains("SLO"), outcome);
                }
                assertEquals(inForce, book.size());
            }
        }
        assertTrue(refused > 5, refused + " refused");
    }

    private static String many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> slo("slo-" + i, "{tenant: tenant-" + i + "}", "800"))
                .collect(Collectors.joining("---\n"));
    }

    private static String slo(String name, String selector, String ttftMs) {
        return """
                apiVersion: presage.dev/v1alpha1
                kind: LatencySLO
                metadata: {name: %s}
                spec: {selector: %s, targets: {ttft: {ms: %s}}, objective: 99}
                """.formatted(name, selector, ttftMs);
    }

    private static InferenceRequest request(String model, String tenant) {
        return new InferenceRequest(
                "r",
                "c",
                model,
                model,
                Api.CHAT,
                1,
                new long[0],
                1,
                true,
                0,
                Map.of("x-llm-d-inference-fairness-id", tenant));
    }

    private void replace(Path file, String text) throws IOException {
        Files.move(Files.writeString(directory.resolve("next"), text), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String next() throws InterruptedException {
        String event = told.poll(30, TimeUnit.SECONDS);
        assertNotNull(event, "nothing was told in 30 s");
        return event;
    }
}
