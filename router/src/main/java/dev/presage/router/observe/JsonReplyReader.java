package dev.presage.router.observe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteBufferFeeder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Finds usage in a reply that is one JSON document, as its bytes go by. Keeps one value at a time, bounded by Jackson's limit
 * on a string; a reply that is not JSON is let go.
 */
final class JsonReplyReader implements ReplyReader {
    private final UsageFields usage = new UsageFields();
    private final JsonParser parser;
    private int depth;
    private boolean readable = true;
    private boolean finished;

    JsonReplyReader() {
        try {
            parser = ReplyJson.FACTORY.createNonBlockingByteBufferParser();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read(ByteBuffer chunk) {
        if (!readable || finished || !chunk.hasRemaining()) {
            return 0;
        }
        try {
            ((ByteBufferFeeder) parser.getNonBlockingInputFeeder()).feedInput(chunk.duplicate());
            JsonToken at = parser.nextToken();
            while (at != null && at != JsonToken.NOT_AVAILABLE && !finished) {
                depth += at.isStructStart() ? 1 : at.isStructEnd() ? -1 : 0;
                ReplyJson.usage(at, parser, usage);
                finished = depth == 0;
                at = finished ? null : parser.nextToken();
            }
        } catch (IOException e) {
            readable = false;
        }
        return 0;
    }

    @Override
    public Usage usage() {
        return usage.usage();
    }

    @Override
    public boolean finished() {
        return finished;
    }
}
