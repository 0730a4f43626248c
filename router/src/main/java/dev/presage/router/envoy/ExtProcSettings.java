package dev.presage.router.envoy;

import dev.presage.router.plugin.ReplyPlugins;
import dev.presage.router.request.RequestFormats;

/**
 * What an operator may change about the protocol.
 *
 * @param subsetFilter whether the gateway's subset hint restricts the candidates
 * @param emitScores whether all candidates' scores go into the dynamic metadata
 * @param maxHeldBytes a body is held up to this length, per request and direction; what goes beyond streams through
 * @param formats which request bodies are read
 * @param replies what adds to replies
 */
public record ExtProcSettings(
        boolean subsetFilter, boolean emitScores, int maxHeldBytes, RequestFormats formats, ReplyPlugins replies) {
    /** 32 MiB: above the 20 MB that long-context clients send. */
    public static final ExtProcSettings DEFAULT = new ExtProcSettings(true, false, 32 << 20);

    public ExtProcSettings {
        if (maxHeldBytes < 0) {
            throw new IllegalArgumentException("maxHeldBytes " + maxHeldBytes + " must not be negative");
        }
    }

    /** With the formats that are read by default. */
    public ExtProcSettings(boolean subsetFilter, boolean emitScores, int maxHeldBytes) {
        this(subsetFilter, emitScores, maxHeldBytes, RequestFormats.STANDARD);
    }

    /** With replies as they are. */
    public ExtProcSettings(boolean subsetFilter, boolean emitScores, int maxHeldBytes, RequestFormats formats) {
        this(subsetFilter, emitScores, maxHeldBytes, formats, ReplyPlugins.NONE);
    }
}
