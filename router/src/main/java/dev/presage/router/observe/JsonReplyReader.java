package dev.presage.router.observe;

import dev.presage.router.body.JsonScanner;
import java.nio.ByteBuffer;

/** Finds usage in a reply that is one JSON document of any length, as its bytes go by. A reply that is not JSON is let go. */
final class JsonReplyReader implements ReplyReader {
    private final UsageFields usage = new UsageFields();
    private final ReplyWalk walk = new ReplyWalk(usage);
    private final JsonScanner scanner = new JsonScanner(walk, ReplyWalk.NAMES);

    @Override
    public int read(ByteBuffer chunk) {
        if (!walk.isWhole() && scanner.complaint().isEmpty()) {
            scanner.feed(chunk.duplicate());
        }
        return 0;
    }

    @Override
    public Usage usage() {
        return usage.usage();
    }

    @Override
    public boolean finished() {
        return walk.isWhole();
    }
}
