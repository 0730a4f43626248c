package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.pick.Decision;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;

/**
 * An answer that the router gives itself, in the contract's words.
 *
 * @param reason value of the dropped-reason header, empty for none
 * @param retryAfterSeconds value of the retry-after header, 0 for none
 */
record Refusal(int httpStatus, String code, String message, String reason, int retryAfterSeconds) {
    private Refusal(int httpStatus, String code, String message, String reason) {
        this(httpStatus, code, message, reason, 0);
    }

    static Refusal badRequest(String message) {
        return new Refusal(400, "BadRequest", message, "");
    }

    static Refusal internal(String message) {
        return new Refusal(500, "Internal", message, "");
    }

    /** A request that was being served makes room. */
    static final ProcessingResponse EVICTED = ProcessingResponse.newBuilder()
            .setImmediateResponse(ImmediateResponse.newBuilder()
                    .setStatus(HttpStatus.newBuilder().setCodeValue(429))
                    .setBody(ByteString.copyFromUtf8("request evicted by flow control"))
                    .setHeaders(HeaderMutation.newBuilder()
                            .addSetHeaders(Answers.header(HeaderNames.DROPPED_REASON, "evicted"))))
            .build();

    static Refusal of(Decision decision) {
        return switch (decision) {
            case Decision.Shed shed ->
                new Refusal(429, "ResourceExhausted", shed.message(), shed.reason(), shed.retryAfterSeconds());
            case Decision.Failed failed -> new Refusal(503, "ServiceUnavailable", failed.message(), failed.reason());
            case Decision.Unmet unmet -> new Refusal(412, "PreconditionFailed", unmet.message(), "");
            case Decision.Routed routed -> throw new IllegalArgumentException("a routed request is not refused");
        };
    }

    ProcessingResponse answer() {
        ImmediateResponse.Builder immediate = ImmediateResponse.newBuilder()
                .setStatus(HttpStatus.newBuilder().setCodeValue(httpStatus))
                .setBody(ByteString.copyFromUtf8("inference error: " + code + " - " + message));
        HeaderMutation.Builder headers = HeaderMutation.newBuilder();
        if (!reason.isEmpty()) {
            headers.addSetHeaders(Answers.header(HeaderNames.DROPPED_REASON, reason));
        }
        if (retryAfterSeconds > 0) {
            headers.addSetHeaders(Answers.header("retry-after", Integer.toString(retryAfterSeconds)));
        }
        if (headers.getSetHeadersCount() > 0) {
            immediate.setHeaders(headers);
        }
        return ProcessingResponse.newBuilder().setImmediateResponse(immediate).build();
    }
}
