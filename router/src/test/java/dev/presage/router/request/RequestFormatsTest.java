package dev.presage.router.request;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.body.InflatingTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestFormatsTest {
    private static final RequestFormats ALL = new RequestFormats(Arrays.asList(RequestParser.values()));
    private static final String GENERATE = "/vllm.grpc.engine.VllmEngine/Generate";
    private static final String CHAT = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @Test
    void theLongestSuffixOfWholeSegmentsDecides() {
        assertEquals(BodyShape.CHAT, shape("/v1/chat/completions"));
        assertEquals(BodyShape.COMPLETIONS, shape("/v1/completions/render"));
        assertEquals(BodyShape.COUNT_TOKENS, shape("/v1/messages/count_tokens"));
        assertEquals(BodyShape.VLLM_GENERATE, shape("/inference/v1/generate"));
        assertEquals(BodyShape.SGLANG_GENERATE, shape("/generate"));
        assertEquals(BodyShape.IMAGES, shape("/v1/images/generations"));
        assertEquals(BodyShape.GRPC_EMBED, shape("/vllm.grpc.engine.VllmEngine/Embed"));
        assertEquals(BodyShape.VERTEX_RAW, shape("/google.cloud.aiplatform.v1.PredictionService/StreamRawPredict"));
        assertEquals(BodyShape.OPAQUE, shape("/v1/regenerate"));
        assertEquals(BodyShape.OPAQUE, shape("/v1/foo.completions"));
    }

    @Test
    void onlyConfiguredParsersAreAsked() {
        assertEquals(
                BodyShape.OPAQUE, RequestFormats.STANDARD.shape("/generate").orElseThrow());
        assertEquals(BodyShape.OPAQUE, RequestFormats.STANDARD.shape(GENERATE).orElseThrow());
        RequestFormats behind = new RequestFormats(List.of(RequestParser.PASSTHROUGH, RequestParser.OPENAI));
        assertEquals(BodyShape.OPAQUE, behind.shape("/v1/completions").orElseThrow());
        assertEquals(List.of(RequestParser.PASSTHROUGH), behind.parsers());
        assertEquals(RequestFormats.STANDARD.parsers(), new RequestFormats(List.of()).parsers());
        assertEquals(
                RequestParser.SGLANG_HTTP,
                RequestParser.ofType("sglanghttp-parser").orElseThrow());
        assertTrue(RequestParser.ofType("x").isEmpty());
    }

    @Test
    void withoutAFallbackAnUnknownPathIsRefused() {
        RequestFormats openai = new RequestFormats(List.of(RequestParser.OPENAI));
        Reading reading = read(openai, RequestHead.of("/v2/else?q=1"), bytes("{}"), 10);
        assertEquals(
                "no parser registered matching path suffix for: /v2/else",
                assertInstanceOf(Reading.Refused.class, reading).message());
    }

    @Test
    void readsVllmsGrpcCallsHoweverTheyAreCut() {
        int[] ids = IntStream.range(100_000, 100_200).toArray();
        byte[] frame = GrpcMessages.frame(0, GrpcMessages.generate(true, 77, ids));
        String json = "{\"model\":\"\",\"input_ids\":" + Arrays.toString(ids) + "}";
        long[] blocks =
                ok(read(ALL, RequestHead.of("/generate"), bytes(json), 50)).prefixBlocks();
        for (int piece : new int[] {1, 3, 64, 10_000}) {
            InferenceRequest request = ok(read(ALL, RequestHead.of(GENERATE), frame, piece));
            assertEquals(Api.GENERATE, request.api());
            assertEquals(200, request.promptTokens());
            assertEquals(77, request.maxTokens());
            assertTrue(request.stream());
            assertArrayEquals(blocks, request.prefixBlocks(), "token ids hash alike in every format");
        }
    }

    @Test
    void readsTextAndEmbeddingsOverGrpc() {
        byte[] text = GrpcMessages.frame(0, GrpcMessages.message(out -> out.writeString(3, "x".repeat(30_000))));
        assertEquals(7_500, ok(read(ALL, RequestHead.of(GENERATE), text, 999)).promptTokens());
        byte[] embed = GrpcMessages.frame(0, GrpcMessages.generate(false, 0, 1, 2, 3));
        InferenceRequest request = ok(read(ALL, RequestHead.of("/vllm.grpc.engine.VllmEngine/Embed"), embed, 7));
        assertEquals(Api.EMBEDDINGS, request.api());
        assertEquals(3, request.promptTokens());
    }

    @Test
    void readsCompressedGrpcMessagesAndPassesOtherCodings() {
        byte[] message = InflatingTest.gzip(GrpcMessages.generate(false, 5, 1, 2, 3));
        byte[] frame = GrpcMessages.frame(1, message);
        RequestHead gzip = new RequestHead(GENERATE, "", "gzip", VideoHint.NONE);
        assertEquals(3, ok(read(ALL, gzip, frame, 9)).promptTokens());
        RequestHead zstd = new RequestHead(GENERATE, "", "zstd", VideoHint.NONE);
        assertEquals(Api.OPAQUE, ok(read(ALL, zstd, frame, 9)).api());
    }

    @Test
    void refusesGrpcThatIsNone() {
        byte[] whole = GrpcMessages.frame(0, GrpcMessages.generate(true, 7, 1, 2, 3));
        for (byte[] bad : new byte[][] {{}, {0, 0, 0}, Arrays.copyOf(whole, whole.length - 2), bytes(CHAT)}) {
            assertInstanceOf(Reading.Refused.class, read(ALL, RequestHead.of(GENERATE), bad, 4));
        }
        byte[] empty = GrpcMessages.frame(0, new byte[0]);
        assertInstanceOf(Reading.Refused.class, read(ALL, RequestHead.of(GENERATE), empty, 4));
    }

    @Test
    void readsWhatVertexWraps() {
        byte[] body = GrpcMessages.message(out -> {
            out.writeString(1, "application/json");
            out.writeByteArray(2, bytes(CHAT));
        });
        byte[] frame = GrpcMessages.frame(0, GrpcMessages.message(out -> {
            out.writeString(1, "projects/p/endpoints/e");
            out.writeByteArray(2, body);
        }));
        String path = "/google.cloud.aiplatform.v1.PredictionService/ChatCompletions";
        InferenceRequest plain = ok(read(ALL, RequestHead.of("/v1/chat/completions"), bytes(CHAT), 20));
        assertEquals("m", ok(read(ALL, RequestHead.of(path), frame, 11)).model());
        assertEquals(
                plain.promptTokens(),
                ok(read(ALL, RequestHead.of(path), frame, 11)).promptTokens());
        assertEquals(
                plain.promptTokens(),
                ok(read(ALL, RequestHead.of(path.replace("ChatCompletions", "RawPredict")), bytes(CHAT), 11))
                        .promptTokens());
        assertInstanceOf(
                Reading.Understood.class,
                read(ALL, RequestHead.of(path.replace("ChatCompletions", "RawPredict")), bytes("{\"x\":1}"), 11));
    }

    @Test
    void routesCompressedBodies() {
        RequestHead gzip = new RequestHead("/v1/chat/completions", "gzip", "", VideoHint.NONE);
        byte[] whole = InflatingTest.gzip(bytes(CHAT));
        InferenceRequest plain = ok(read(ALL, RequestHead.of("/v1/chat/completions"), bytes(CHAT), 20));
        InferenceRequest request = ok(read(ALL, gzip, whole, 5));
        assertEquals("m", request.model());
        assertEquals(plain.promptTokens(), request.promptTokens());
        assertArrayEquals(plain.prefixBlocks(), request.prefixBlocks());
        for (byte[] bad : new byte[][] {{}, bytes(CHAT), Arrays.copyOf(whole, whole.length - 3)}) {
            assertEquals(Api.OPAQUE, ok(read(ALL, gzip, bad, 5)).api());
        }
        RequestHead zstd = new RequestHead("/v1/chat/completions", "zstd", "", VideoHint.NONE);
        assertEquals(Api.OPAQUE, ok(read(ALL, zstd, bytes("anything"), 5)).api());
    }

    @Test
    void aCompressedBodyThatNeverEndsIsRoutedOnNothing() {
        byte[] bomb = InflatingTest.gzip(bytes("{\"model\":\"m\",\"prompt\":\"" + "x".repeat(40 << 20)));
        RequestHead gzip = new RequestHead("/v1/completions", "gzip", "", VideoHint.NONE);
        assertEquals(Api.OPAQUE, ok(read(ALL, gzip, bomb, 1000)).api());
    }

    @Test
    void readsTheHeadersThatMatter() {
        Map<String, String> headers = Map.of(
                "content-encoding",
                "GZIP",
                "grpc-encoding",
                "gzip",
                "x-llm-d-video-resolution",
                "1280x720",
                "x-llm-d-video-duration-seconds",
                "2.5",
                "x-llm-d-video-fps",
                "nonsense");
        RequestHead head = RequestHead.of("/p?q", name -> headers.getOrDefault(name, ""));
        assertEquals(new RequestHead("/p", "GZIP", "gzip", new VideoHint(1280, 720, 2.5, 0)), head);
        assertEquals(2250, MediaEstimate.DEFAULT.ofVideo(head.video()));
        assertEquals(2250, MediaEstimate.DEFAULT.ofVideo(VideoHint.NONE));
        assertEquals(VideoHint.NONE, VideoHint.of(name -> "x"));
        assertEquals(VideoHint.NONE, VideoHint.of(name -> "-1x-1"));
    }

    @Test
    void aSpanShowsWhereTheModelStandsAndAnotherTargetNeedsNoSecondReading() {
        String body = "{ \"prompt\":\"" + "w".repeat(600) + "\", \"model\" : \"caf\\u00e9\" ,\"x\":1}";
        RequestReader reader = RequestReader.ofPath("/v1/completions");
        reader.feed(ByteBuffer.wrap(bytes(body)));
        InferenceRequest request = ok(reader.finish("id", "c", List.of()));
        ByteSpan span = reader.modelSpan();
        assertEquals("\"caf\\u00e9\"", body.substring((int) span.from(), (int) span.to()));
        assertEquals("café", request.model());
        InferenceRequest other = reader.retargeted(request, "other");
        String direct = body.replace("caf\\u00e9", "other");
        InferenceRequest expected = ok(read(ALL, RequestHead.of("/v1/completions"), bytes(direct), 40));
        assertArrayEquals(expected.prefixBlocks(), other.prefixBlocks());
        assertEquals("café", other.requestedModel());
        assertEquals("other", other.model());
    }

    @Test
    void theLastModelCounts() {
        RequestReader reader = RequestReader.ofPath("/v1/completions");
        reader.feed(ByteBuffer.wrap(bytes("{\"prompt\":\"x\",\"model\":\"m\",\"model\":[\"n\"]}")));
        assertInstanceOf(Reading.Refused.class, reader.finish("id", "c", List.of()));
        assertTrue(reader.modelSpan().isEmpty());
    }

    private static BodyShape shape(String path) {
        return ALL.shape(path).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static InferenceRequest ok(Reading reading) {
        return assertInstanceOf(Reading.Understood.class, reading).request();
    }

    private static Reading read(RequestFormats formats, RequestHead head, byte[] body, int piece) {
        RequestReader reader = formats.reader(head);
        List<ByteBuffer> chunks = new ArrayList<>();
        for (int at = 0; at < body.length; at += piece) {
            chunks.add(
                    ByteBuffer.wrap(body, at, Math.min(piece, body.length - at)).asReadOnlyBuffer());
        }
        chunks.forEach(chunk -> reader.feed(chunk.duplicate()));
        return reader.finish("id", "client", chunks);
    }
}
