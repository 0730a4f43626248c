package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.EndpointPicker;
import dev.presage.router.flow.FlowControl;
import dev.presage.router.flow.FlowListener;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.Limits;
import dev.presage.router.observe.EndCause;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.admit.Admission;
import dev.presage.router.pool.PoolRules;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.program.ProgramBook;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams that wait for flow control: order, clients that go away, eviction. */
class QueueingTest {
    private static final int FULL = 9;
    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";

    private final ExecutorService answers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger answered = new AtomicInteger();
    private Optional<FlowControl> flow = Optional.empty();
    private final ExtProcHarness harness = harness();

    private ExtProcHarness harness() {
        try {
            return new ExtProcHarness(ExtProcSettings.DEFAULT, new ApproximatePrefixIndex(1 << 20), this::queueing);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<Queueing> queueing(EndpointPicker picker, ExtProcHarness parts) {
        FlowSettings settings = new FlowSettings(
                Limits.NONE,
                FlowSettings.TTL,
                FlowSettings.TTL,
                Map.of(),
                FlowSettings.DEFAULT.otherBands(),
                FlowSettings.DEFAULT.otherBands(),
                FlowSettings.DEFAULT.ceilings(),
                true);
        FlowControl control = new FlowControl(
                settings,
                parts.fleet,
                ticket -> picker.round(ticket.request(), ticket.allowed(), LatencySettings.DEFAULT),
                Admission.DEFAULT,
                parts.nanos::get,
                FlowListener.NONE,
                new ProgramBook(parts.nanos::get));
        flow = Optional.of(control);
        parts.listeners.add(control);
        return Optional.of(new Queueing(control.start(), answers));
    }

    @AfterEach
    void stop() {
        flow.ifPresent(FlowControl::close);
        harness.close();
        answers.shutdownNow();
    }

    @Test
    void theMoreImportantGoesFirstAndWhoLeftIsNotSent() {
        harness.pool(FULL);
        harness.rules = new PoolRules(Map.of("critical", 5), List.of());
        ExtProcHarness.Stream plain = open("");
        ExtProcHarness.Stream gone = open("");
        ExtProcHarness.Stream critical = open("critical");
        await(() -> flow.orElseThrow().view().requests() == 3);
        gone.toRouter.onError(new IllegalStateException("reset"));
        await(() -> flow.orElseThrow().view().requests() == 2);
        harness.pool(0);
        await(() -> critical.answers.size() == 2 && plain.answers.size() == 2);
        assertEquals(
                List.of(5, 0),
                harness.decisions.stream()
                        .map(decision -> decision.candidates().request().priority())
                        .toList());
        assertEquals(List.of(), gone.answers);
        assertEquals(BODY, plain.echoedRequest().toStringUtf8());
    }

    @Test
    void aSheddableRequestThatIsServedMakesRoom() {
        harness.pool(0);
        harness.rules = new PoolRules(Map.of("sheddable", -1), List.of());
        ExtProcHarness.Stream sheddable = open("sheddable");
        await(() -> sheddable.answers.size() == 2);
        sheddable.responseHeaders(false, ":status", "200", "content-type", "text/event-stream");
        harness.pool(FULL);
        ExtProcHarness.Stream waits = open("");
        await(() -> sheddable.completed);
        ImmediateResponse evicted = sheddable.last().getImmediateResponse();
        assertEquals(429, evicted.getStatus().getCodeValue());
        assertEquals("request evicted by flow control", evicted.getBody().toStringUtf8());
        assertEquals(
                "evicted",
                evicted.getHeaders().getSetHeaders(0).getHeader().getRawValue().toStringUtf8());
        assertEquals(EndCause.EVICTED, harness.outcomes.getFirst().cause());
        harness.pool(0);
        await(() -> waits.answers.size() == 2);
        assertTrue(waits.answers.stream().noneMatch(ProcessingResponse::hasImmediateResponse));
        assertEquals(1, harness.outcomes.size());
    }

    private ExtProcHarness.Stream open(String objective) {
        return harness.open()
                .requestHeaders(
                        false,
                        ":path",
                        "/v1/completions",
                        "x-request-id",
                        "client-" + answered.incrementAndGet(),
                        "x-llm-d-inference-objective",
                        objective)
                .requestBody(BODY, true);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within half a minute");
            }
            Thread.onSpinWait();
        }
    }
}
