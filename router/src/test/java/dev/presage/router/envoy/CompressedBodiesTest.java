package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.presage.router.body.InflatingTest;
import dev.presage.router.observe.Usage;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies with a content coding through the external processor: looked into, never changed, never refused for their coding. */
class CompressedBodiesTest {
    private ExtProcHarness router;

    @BeforeEach
    void start() throws IOException {
        router = new ExtProcHarness();
        router.pool(0);
    }

    @AfterEach
    void stop() {
        router.close();
    }

    @Test
    void aCompressedRequestIsReadAndForwardedAsItIs() {
        ByteString body = gzip("{\"model\":\"m\",\"prompt\":\"" + "word ".repeat(100) + "\",\"max_tokens\":3}");
        assertEquals(body, request(body, "gzip").echoedRequest());
        InferenceRequest request = router.decisions.getFirst().candidates().request();
        assertEquals("m", request.model());
        assertEquals(125, request.promptTokens());
        assertEquals(3, request.maxTokens());
    }

    @Test
    void whatIsNotInItsCodingIsRoutedOpaque() {
        for (String coding : new String[] {"gzip", "deflate", "zstd", "br", "gzip, br"}) {
            ByteString body = ByteString.copyFromUtf8("certainly not " + coding);
            assertEquals(body, request(body, coding).echoedRequest());
            assertEquals(
                    Api.OPAQUE,
                    router.decisions.getLast().candidates().request().api());
        }
    }

    @Test
    void usageOfACompressedReplyIsRead() {
        var stream = router.open().complete("{\"model\":\"m\",\"prompt\":\"x\",\"stream\":true}");
        stream.responseHeaders(
                false, ":status", "200", "content-type", "text/event-stream", "content-encoding", "gzip");
        ByteString reply =
                gzip("data: {\"choices\":[{\"text\":\"a\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,"
                        + "\"completion_tokens\":1}}\n\ndata: [DONE]\n\n");
        for (int at = 0; at < reply.size(); at += 10) {
            int to = Math.min(reply.size(), at + 10);
            stream.send(ProcessingRequest.newBuilder()
                    .setResponseBody(HttpBody.newBuilder()
                            .setBody(reply.substring(at, to))
                            .setEndOfStream(to == reply.size())));
        }
        assertEquals(new Usage(7, -1, 1), router.outcomes.getFirst().usage());
    }

    private ExtProcHarness.Stream request(ByteString body, String coding) {
        return router.open()
                .requestHeaders(false, ":path", "/v1/completions", "content-encoding", coding)
                .requestBody(body, true);
    }

    private static ByteString gzip(String text) {
        return ByteString.copyFrom(InflatingTest.gzip(text.getBytes(StandardCharsets.UTF_8)));
    }
}
