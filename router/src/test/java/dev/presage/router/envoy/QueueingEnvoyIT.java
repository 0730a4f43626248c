package dev.presage.router.envoy;

import static dev.presage.router.envoy.EnvoyStand.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.observe.EndCause;
import dev.presage.router.plugin.SaturationDetector;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that wait, behind a real Envoy, however it sends bodies; skipped where there is none. */
class QueueingEnvoyIT {
    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";
    private static final String PATH = "/v1/completions?";
    private static final String OBJECTIVE = "x-llm-d-inference-objective";

    private final AtomicBoolean full = new AtomicBoolean();
    private final SaturationDetector detector = (round, candidate, unseen) -> full.get() ? 2 : 0;

    @TempDir
    Path scratch = Path.of(".");

    @ParameterizedTest
    @CsvSource({"FULL_DUPLEX_STREAMED, FULL_DUPLEX_STREAMED", "BUFFERED, STREAMED", "STREAMED, STREAMED"})
    void requestsWaitLeaveAndMakeRoom(String requests, String replies) throws Exception {
        try (EnvoyStand stand = EnvoyStand.start(scratch, requests, replies, 1, Optional.of(detector))) {
            waitsAndGoes(stand);
            leavesTheQueue(stand);
            makesRoom(stand);
        }
    }

    private void waitsAndGoes(EnvoyStand stand) throws Exception {
        full.set(true);
        CompletableFuture<HttpResponse<String>> waits = stand.posting(PATH + "waits", BODY);
        until(() -> waiting(stand) == 1);
        assertFalse(waits.isDone());
        full.set(false);
        assertEquals(200, waits.get(30, TimeUnit.SECONDS).statusCode());
        assertEquals(BODY, new String(await(stand.received).body(), StandardCharsets.UTF_8));
        assertEquals(EndCause.COMPLETED, await(stand.outcomes).cause());
    }

    private void leavesTheQueue(EnvoyStand stand) throws Exception {
        full.set(true);
        CompletableFuture<HttpResponse<String>> leaves = stand.posting(PATH + "leaves", BODY);
        until(() -> waiting(stand) == 1);
        leaves.cancel(true);
        until(() -> waiting(stand) == 0);
        full.set(false);
        assertEquals(
                200,
                stand.posting(PATH + "next", BODY).get(30, TimeUnit.SECONDS).statusCode());
        assertTrue(await(stand.received).path().endsWith("next"), "who left was not sent");
        assertEquals(EndCause.COMPLETED, await(stand.outcomes).cause());
    }

    /** Before its reply has begun it gets the contract's answer. */
    private void makesRoom(EnvoyStand stand) throws Exception {
        CompletableFuture<HttpResponse<String>> early = stand.posting(PATH + "hold", BODY, OBJECTIVE, "sheddable");
        await(stand.received);
        full.set(true);
        CompletableFuture<HttpResponse<String>> first = stand.posting(PATH + "first", BODY);
        HttpResponse<String> evicted = early.get(30, TimeUnit.SECONDS);
        assertEquals(429, evicted.statusCode());
        assertEquals("request evicted by flow control", evicted.body());
        assertEquals(
                "evicted",
                evicted.headers().firstValue("x-llm-d-request-dropped-reason").orElse(""));
        assertEquals(EndCause.EVICTED, await(stand.outcomes).cause());
        full.set(false);
        assertEquals(200, first.get(30, TimeUnit.SECONDS).statusCode());
        assertTrue(await(stand.received).path().endsWith("first"));
        assertEquals(EndCause.COMPLETED, await(stand.outcomes).cause());
        stand.held.release();
    }

    private static long waiting(EnvoyStand stand) {
        return stand.flow.orElseThrow().view().requests();
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within half a minute");
            }
            Thread.onSpinWait();
        }
    }
}
