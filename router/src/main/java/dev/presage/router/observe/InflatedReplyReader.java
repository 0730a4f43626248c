package dev.presage.router.observe;

import dev.presage.router.body.Inflating;
import java.nio.ByteBuffer;

/** A compressed reply: inflates what goes by and hands it to the reader of what is inside. */
final class InflatedReplyReader implements ReplyReader {
    private final Inflating inflating;
    private final ReplyReader inside;
    private int tokens;

    InflatedReplyReader(Inflating inflating, ReplyReader inside) {
        this.inflating = inflating;
        this.inside = inside;
    }

    @Override
    public int read(ByteBuffer chunk) {
        tokens = 0;
        inflating.feed(
                chunk.duplicate(), (bytes, from, to) -> tokens += inside.read(ByteBuffer.wrap(bytes, from, to - from)));
        if (inflating.complete() || inflating.broken()) {
            inflating.close();
        }
        return tokens;
    }

    @Override
    public Usage usage() {
        return inside.usage();
    }

    @Override
    public boolean finished() {
        return inside.finished();
    }

    @Override
    public int skipped() {
        return inside.skipped();
    }
}
