package dev.presage.router.request;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any bytes as a request of any format and coding: it is understood or refused, whatever the cuts, the same way. */
public final class RequestFuzz {
    private static final RequestFormats FORMATS = new RequestFormats(Arrays.asList(RequestParser.values()));
    private static final String[] PATHS = {
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/responses",
        "/v1/conversations",
        "/v1/embeddings",
        "/v1/images/generations",
        "/v1/messages",
        "/v1/messages/count_tokens",
        "/inference/v1/generate",
        "/generate",
        "/vllm.grpc.engine.VllmEngine/Generate",
        "/vllm.grpc.engine.VllmEngine/Embed",
        "/google.cloud.aiplatform.v1.PredictionService/ChatCompletions",
        "/google.cloud.aiplatform.v1.PredictionService/RawPredict",
        "/elsewhere"
    };
    private static final String[] CODINGS = {"", "", "", "gzip"};

    private RequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        RequestHead head =
                new RequestHead(PATHS[(data[0] & 0xFF) % PATHS.length], CODINGS[data[1] & 3], "gzip", VideoHint.NONE);
        byte[] body = Arrays.copyOfRange(data, 2, data.length);
        String whole = read(head, body, Math.max(1, body.length));
        String pieces = read(head, body, 1 + (data[1] >>> 2 & 0x3F));
        if (!whole.equals(pieces)) {
            throw new AssertionError("cuts make a difference: " + whole + " and " + pieces);
        }
    }

    private static String read(RequestHead head, byte[] body, int piece) {
        RequestReader reader = FORMATS.reader(head);
        List<ByteBuffer> chunks = new ArrayList<>();
        for (int at = 0; at < body.length; at += piece) {
            chunks.add(
                    ByteBuffer.wrap(body, at, Math.min(piece, body.length - at)).asReadOnlyBuffer());
        }
        chunks.forEach(chunk -> reader.feed(chunk.duplicate()));
        return switch (reader.finish("id", "client", chunks)) {
            case Reading.Refused refused -> refused.message();
            case Reading.Unnamed unnamed -> describe(reader, unnamed.request(), body);
            case Reading.Understood understood -> describe(reader, understood.request(), body);
        };
    }

    private static String describe(RequestReader reader, InferenceRequest request, byte[] body) {
        ByteSpan span = reader.modelSpan();
        if (!span.isEmpty() && (body[(int) span.from()] != '"' || body[(int) span.to() - 1] != '"')) {
            throw new AssertionError("no model at " + span);
        }
        return request.api() + " " + request.model() + " " + request.promptTokens() + " " + request.maxTokens() + " "
                + request.stream() + " " + request.mediaParts() + " " + span + " "
                + Arrays.toString(request.prefixBlocks());
    }
}
