package dev.presage.testbed.bench;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What Envoy sends in full-duplex mode. */
final class EnvoyMessages {
    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":4096,\"completion_tokens\":8,\"total_tokens\":4104}";
    private static final int STREAMED_TOKENS = 8;

    private EnvoyMessages() {}

    static ProcessingRequest requestHeaders(int bodyBytes) {
        return ProcessingRequest.newBuilder()
                .setRequestHeaders(headers(
                        ":method", "POST",
                        ":path", "/v1/chat/completions",
                        ":authority", "bench.example",
                        ":scheme", "http",
                        "content-type", "application/json",
                        "content-length", Integer.toString(bodyBytes),
                        "user-agent", "presage-bench",
                        "accept", "*/*",
                        "x-forwarded-proto", "http",
                        "x-request-id", "5c1c2f60-7c7b-4f0e-9d0f-3b9ac1a1a001"))
                .setProtocolConfig(ProtocolConfiguration.newBuilder()
                        .setRequestBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
                        .setResponseBodyMode(BodySendMode.FULL_DUPLEX_STREAMED))
                .build();
    }

    static ProcessingRequest requestBody(ByteString chunk, boolean end) {
        return ProcessingRequest.newBuilder()
                .setRequestBody(HttpBody.newBuilder().setBody(chunk).setEndOfStream(end))
                .build();
    }

    /** Headers and body of a plain answer. */
    static List<ProcessingRequest> plainReply() {
        String body = "{\"object\":\"chat.completion\",\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":"
                + "{\"role\":\"assistant\",\"content\":\"eight tokens of some plain text\"},\"finish_reason\":\"stop\"}],"
                + USAGE + "}";
        return List.of(replyHeaders("application/json"), replyBody(body, true));
    }

    /** Headers and events of a streamed answer, one message each. */
    static List<ProcessingRequest> streamedReply() {
        List<ProcessingRequest> messages = new ArrayList<>();
        messages.add(replyHeaders("text/event-stream"));
        for (int i = 0; i < STREAMED_TOKENS; i++) {
            messages.add(replyBody(event("\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]"), false));
        }
        messages.add(replyBody(event("\"choices\":[]," + USAGE) + "data: [DONE]\n\n", true));
        return List.copyOf(messages);
    }

    private static String event(String fields) {
        return "data: {\"object\":\"chat.completion.chunk\",\"model\":\"bench\"," + fields + "}\n\n";
    }

    private static ProcessingRequest replyHeaders(String contentType) {
        return ProcessingRequest.newBuilder()
                .setResponseHeaders(headers(":status", "200", "content-type", contentType, "server", "bench"))
                .build();
    }

    private static ProcessingRequest replyBody(String text, boolean end) {
        return ProcessingRequest.newBuilder()
                .setResponseBody(HttpBody.newBuilder()
                        .setBody(ByteString.copyFrom(text, StandardCharsets.US_ASCII))
                        .setEndOfStream(end))
                .build();
    }

    private static HttpHeaders headers(String... pairs) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            map.addHeaders(
                    HeaderValue.newBuilder().setKey(pairs[i]).setRawValue(ByteString.copyFromUtf8(pairs[i + 1])));
        }
        return HttpHeaders.newBuilder().setHeaders(map).build();
    }
}
