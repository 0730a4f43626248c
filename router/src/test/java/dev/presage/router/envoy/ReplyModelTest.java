package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.ByteString;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyModelTest {
    /** Pieces of replies; those with the target's name as a member's value are to be changed. */
    private static final List<String> PIECES = List.of(
            "\"model\":\"big/v2\"",
            "\"model\" :\n\t\"big/v2\"",
            "\"model\":\"big\\/v2\"",
            "\"model\":\"b\\u0069g/v2\"",
            "\"model\":\"big/v22\"",
            "\"model\":\"other\"",
            "\"model\":null",
            "\"model\":{\"model\":\"big/v2\"}",
            "\"text\":\"\\\"model\\\":\\\"big/v2\\\"\"",
            "\"text\":\"model\"",
            "\"text\":\"big/v2\"",
            "\"text\":\"\\\\\"",
            "\"x\\\"model\":\"big/v2\"",
            "data: {\"id\":7}\n\n",
            "\"é\":\"\uD83D\uDE00\"");

    private static final List<String> EXPECTED = List.of(
            "\"model\":\"cl\\\"ient\"",
            "\"model\" :\n\t\"cl\\\"ient\"",
            "\"model\":\"cl\\\"ient\"",
            "\"model\":\"cl\\\"ient\"",
            PIECES.get(4),
            PIECES.get(5),
            PIECES.get(6),
            "\"model\":{\"model\":\"cl\\\"ient\"}",
            PIECES.get(8),
            PIECES.get(9),
            PIECES.get(10),
            PIECES.get(11),
            PIECES.get(12),
            PIECES.get(13),
            PIECES.get(14));

    @Provide
    Arbitrary<Integer> piece() {
        return Arbitraries.integers().between(0, PIECES.size() - 1);
    }

    @Property(tries = 1000)
    void changesOnlyTheTargetsNameHoweverTheReplyIsCut(
            @ForAll @Size(max = 12) List<@From("piece") Integer> reply, @ForAll @IntRange(min = 1, max = 40) int size) {
        StringBuilder sent = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int piece : reply) {
            sent.append(PIECES.get(piece)).append(',');
            expected.append(EXPECTED.get(piece)).append(',');
        }
        ReplyModel model = ReplyModel.restoring("big/v2", "cl\"ient");
        ByteString bytes = ByteString.copyFromUtf8(sent.toString());
        ByteString passed = ByteString.EMPTY;
        for (int at = 0; at < bytes.size(); at += size) {
            passed = passed.concat(model.pass(bytes.substring(at, Math.min(bytes.size(), at + size)), false));
        }
        passed = passed.concat(model.pass(ByteString.EMPTY, true));
        assertEquals(expected.toString(), passed.toStringUtf8());
    }

    @ParameterizedTest
    @CsvSource({"m,m", "'',m", "m,''"})
    void touchesNothingWhenThereIsNothingToPutBack(String target, String requested) {
        ByteString chunk = ByteString.copyFromUtf8("{\"model\":\"m\"}");
        assertSame(chunk, ReplyModel.restoring(target, requested).pass(chunk, true));
    }

    @Test
    void holdsBackOnlyWhatMayBecomeTheName() {
        ReplyModel model = ReplyModel.restoring("t", "c");
        assertEquals("data: {\"id\":\"x\"}\n\n", pass(model, "data: {\"id\":\"x\"}\n\n"));
        assertEquals("data: {", pass(model, "data: {\"mod"));
        assertEquals("", pass(model, "el\" : \""));
        assertEquals("\"model\" : \"c\"}", pass(model, "t\"}"));
        assertEquals("\"model\":\"" + "z".repeat(50), pass(model, "\"model\":\"" + "z".repeat(50)));
        assertEquals("\"model\"" + " ".repeat(200), pass(model, "\"model\"" + " ".repeat(200)));
        assertEquals(
                "\"model\":\"t",
                model.pass(ByteString.copyFromUtf8("\"model\":\"t"), true).toStringUtf8());
    }

    private static String pass(ReplyModel model, String chunk) {
        return model.pass(ByteString.copyFromUtf8(chunk), false).toStringUtf8();
    }
}
