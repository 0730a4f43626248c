package dev.presage.router.request;

import java.nio.ByteBuffer;
import java.util.List;

/** A body behind a path that no configured parser takes. */
record Unclaimed(String path) implements Body {
    @Override
    public Reading finish(String id, String clientRequestId, List<ByteBuffer> whole) {
        return new Reading.Refused("no parser registered matching path suffix for: " + path);
    }
}
