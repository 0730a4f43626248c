package dev.presage.router.body;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any bytes as gRPC frames: cuts make no difference and no message is longer than allowed. */
public final class GrpcFramesFuzz {
    private static final int MOST = 300;

    private GrpcFramesFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        List<String> whole = messages(data, Math.max(1, data.length));
        for (int piece : new int[] {1, 3, 17}) {
            if (!whole.equals(messages(data, piece))) {
                throw new AssertionError("pieces of " + piece + " bytes make a difference");
            }
        }
    }

    private static List<String> messages(byte[] data, int piece) {
        List<String> all = new ArrayList<>();
        GrpcFrames frames = new GrpcFrames(MOST, (bytes, length, compressed) -> {
            if (length > MOST) {
                throw new AssertionError("a message of " + length + " bytes");
            }
            all.add(compressed + Arrays.toString(Arrays.copyOf(bytes, length)));
        });
        for (int at = 0; at < data.length; at += piece) {
            frames.feed(ByteBuffer.wrap(data, at, Math.min(piece, data.length - at)));
        }
        all.add(frames.skipped() + " skipped");
        return all;
    }
}
