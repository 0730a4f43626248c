package dev.presage.router.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.body.InflatingTest;
import dev.presage.router.request.Api;
import dev.presage.router.request.GrpcMessages;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Replies of every kind, cut anywhere. */
class ReplyHeadTest {
    private static final String SSE = """
            data: {"choices":[{"delta":{"content":"a"}}]}

            data: {"choices":[{"delta":{"content":"b"}}],"usage":{"prompt_tokens":11,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3}}}

            data: [DONE]

            """;
    private static final String JSON = """
            {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":3}}}
            """;

    private record Kind(ReplyHead head, byte[] body, int tokens) {}

    private static Kind[] kinds() {
        byte[] sse = SSE.getBytes(StandardCharsets.UTF_8);
        byte[] json = JSON.getBytes(StandardCharsets.UTF_8);
        return new Kind[] {
            new Kind(head("text/event-stream; charset=utf-8", "", Api.CHAT), sse, 2),
            new Kind(head("Text/Event-Stream", "gzip", Api.CHAT), InflatingTest.gzip(sse), 2),
            new Kind(head("application/json", "", Api.CHAT), json, 0),
            new Kind(head("application/json", "gzip", Api.CHAT), InflatingTest.gzip(json), 0),
            new Kind(head("application/grpc", "", Api.GENERATE), generated(), 2),
            new Kind(head("application/grpc+proto", "", Api.CHAT), wrapped(sse), 2),
        };
    }

    @Property(tries = 300)
    void anyCutGivesTheSameUsage(@ForAll long seed) {
        Random random = new Random(seed);
        for (Kind kind : kinds()) {
            ReplyReader reader = kind.head().reader();
            int tokens = 0;
            for (int at = 0; at < kind.body().length; ) {
                int piece = Math.min(1 + random.nextInt(60), kind.body().length - at);
                tokens += reader.read(ByteBuffer.wrap(kind.body(), at, piece).asReadOnlyBuffer());
                at += piece;
            }
            assertEquals(new Usage(11, 3, 2), reader.usage(), kind.head().toString());
            assertEquals(kind.tokens(), tokens, kind.head().toString());
            assertTrue(reader.finished(), kind.head().toString());
        }
    }

    @Test
    void anEmbeddingOverGrpcHasOnlyAPrompt() {
        byte[] complete = GrpcMessages.message(out -> {
            out.writeByteArray(1, new byte[4096]);
            out.writeUInt32(2, 12);
            out.writeUInt32(3, 1024);
        });
        ReplyReader reader = head("application/grpc", "", Api.EMBEDDINGS).reader();
        reader.read(
                ByteBuffer.wrap(GrpcMessages.frame(0, GrpcMessages.message(out -> out.writeByteArray(2, complete)))));
        assertEquals(new Usage(12, 0, -1), reader.usage());
    }

    @Test
    void aGrpcMessageThatIsTooLongIsPassedOverAndCounted() {
        ReplyReader reader = head("application/grpc", "", Api.GENERATE).reader();
        byte[] tooLong = GrpcMessages.frame(0, new byte[GrpcReplyReader.MAX_MESSAGE + 1]);
        assertEquals(0, reader.read(ByteBuffer.wrap(tooLong)));
        assertEquals(2, reader.read(ByteBuffer.wrap(generated())));
        assertEquals(1, reader.skipped());
    }

    @Test
    void whatStandsBehindADocumentOnItsLineTakesNothingFromIt() {
        byte[] line = "data: {\"choices\":[{\"text\":\"a\"}]} rest\n\n".getBytes(StandardCharsets.UTF_8);
        ReplyReader reader = head("text/event-stream", "", Api.COMPLETIONS).reader();
        assertEquals(1, reader.read(ByteBuffer.wrap(line)));
    }

    @Test
    void damagedMessagesCountNothing() {
        ReplyReader reader = head("application/grpc", "", Api.GENERATE).reader();
        assertEquals(0, reader.read(ByteBuffer.wrap(GrpcMessages.frame(0, new byte[] {18, 100, 1}))));
        assertEquals(0, reader.read(ByteBuffer.wrap(GrpcMessages.frame(1, new byte[] {1, 2}))));
        assertEquals(Usage.UNKNOWN, reader.usage());
    }

    @Test
    void whatCannotBeUndoneTellsNothing() {
        ReplyReader reader = head("text/event-stream", "br", Api.CHAT).reader();
        assertEquals(0, reader.read(ByteBuffer.wrap(SSE.getBytes(StandardCharsets.UTF_8))));
        assertEquals(Usage.UNKNOWN, reader.usage());
        assertFalse(reader.finished());
    }

    private static ReplyHead head(String type, String encoding, Api api) {
        return new ReplyHead(type, encoding, "gzip", api, true);
    }

    /** Two chunks, the second compressed, and the end. */
    private static byte[] generated() {
        byte[] chunk = GrpcMessages.message(out -> {
            out.writeByteArray(1, new byte[] {1, 2});
            out.writeUInt32(2, 11);
        });
        byte[] complete = GrpcMessages.message(out -> {
            out.writeString(2, "stop");
            out.writeUInt32(3, 11);
            out.writeUInt32(4, 2);
            out.writeUInt32(5, 3);
        });
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] first = GrpcMessages.message(out -> out.writeByteArray(2, chunk));
        all.writeBytes(GrpcMessages.frame(0, first));
        all.writeBytes(GrpcMessages.frame(1, InflatingTest.gzip(first)));
        all.writeBytes(GrpcMessages.frame(0, GrpcMessages.message(out -> out.writeByteArray(3, complete))));
        return all.toByteArray();
    }

    private static byte[] wrapped(byte[] sse) {
        byte[] body = GrpcMessages.message(out -> {
            out.writeString(1, "text/event-stream");
            out.writeByteArray(2, sse);
        });
        return GrpcMessages.frame(0, body);
    }
}
