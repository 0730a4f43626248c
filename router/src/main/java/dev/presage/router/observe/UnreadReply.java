package dev.presage.router.observe;

import java.nio.ByteBuffer;

/** A reply in a coding that cannot be undone here: it tells nothing. */
enum UnreadReply implements ReplyReader {
    INSTANCE;

    @Override
    public int read(ByteBuffer chunk) {
        return 0;
    }

    @Override
    public Usage usage() {
        return Usage.UNKNOWN;
    }

    @Override
    public boolean finished() {
        return false;
    }
}
