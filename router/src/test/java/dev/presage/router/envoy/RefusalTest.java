package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.presage.router.pick.Decision;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import org.junit.jupiter.api.Test;

/** The router's own answers, word for word. */
class RefusalTest {
    @Test
    void sheddingIs429() {
        var answer = answer(
                Refusal.of(new Decision.Shed("no endpoints available for the given request", "rejected-saturated")));
        assertEquals(429, answer.getStatus().getCodeValue());
        assertEquals(
                "inference error: ResourceExhausted - no endpoints available for the given request",
                answer.getBody().toStringUtf8());
        var header = answer.getHeaders().getSetHeaders(0).getHeader();
        assertEquals("x-llm-d-request-dropped-reason", header.getKey());
        assertEquals("rejected-saturated", header.getRawValue().toStringUtf8());
    }

    @Test
    void aDenialOfAdmissionIs429WithoutAReasonHeader() {
        var answer = answer(Refusal.of(new Decision.Shed("request cannot be admitted: over its SLO everywhere", "")));
        assertEquals(429, answer.getStatus().getCodeValue());
        assertEquals(
                "inference error: ResourceExhausted - request cannot be admitted: over its SLO everywhere",
                answer.getBody().toStringUtf8());
        assertFalse(answer.hasHeaders());
        assertEquals("", answer.getDetails());
    }

    @Test
    void failureIs503AndOurOwnFaultIs500() {
        var failed = answer(Refusal.of(new Decision.Failed("nobody", "rejected-no-endpoints")));
        assertEquals(503, failed.getStatus().getCodeValue());
        assertEquals(
                "inference error: ServiceUnavailable - nobody", failed.getBody().toStringUtf8());
        var internal = answer(Refusal.internal("x"));
        assertEquals(500, internal.getStatus().getCodeValue());
        assertEquals("inference error: Internal - x", internal.getBody().toStringUtf8());
    }

    private static ImmediateResponse answer(Refusal refusal) {
        return refusal.answer().getImmediateResponse();
    }
}
