package dev.presage.router.observe;

import java.nio.ByteBuffer;

/**
 * Watches the bytes of one reply go by: streamed tokens, the engine's usage, whether the reply is complete. Used by one thread
 * at a time. It never fails: what it cannot read it does not count. Made by {@link ReplyHead#reader}.
 */
public sealed interface ReplyReader
        permits SseReader, JsonReplyReader, GrpcReplyReader, InflatedReplyReader, UnreadReply {
    /** A reader of server-sent events. */
    static ReplyReader streamed() {
        return new SseReader();
    }

    /** A reader of one JSON document. */
    static ReplyReader whole() {
        return new JsonReplyReader();
    }

    /**
     * Takes the next bytes, however they are cut.
     *
     * @return streamed tokens that became complete with them; always 0 for a reply that is not streamed, which shows no first
     *     token
     */
    int read(ByteBuffer chunk);

    /** What the engine has reported so far. */
    Usage usage();

    /** Whether the reply has said that it is over. */
    boolean finished();

    /** Messages that were too long to be held and went by unread. */
    default int skipped() {
        return 0;
    }
}
