package dev.presage.router.request;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * One picture, video or sound of a prompt while its reference passes, be it a URL or the file itself: its identity, so that
 * different ones never share a prefix, and an estimate of its tokens.
 */
final class MediaPart {
    /** More than any engine takes as one part. */
    static final int MAX_TOKENS = 1 << 18;

    private enum Kind {
        PICTURE,
        VIDEO,
        SOUND
    }

    /** 25 tokens a second of 16-bit sound at 16 kHz, in characters of base64. */
    private static final double SOUND_CHARACTERS_PER_TOKEN = 32_000 / 25.0 * 4 / 3;

    private final Kind kind;
    private final MediaTokens estimate;
    private final HashStream64 hash = Hashing.xxh64().hashStream();
    private final InlinePicture picture = new InlinePicture();
    private long characters;

    private MediaPart(Kind kind, MediaTokens estimate) {
        this.kind = kind;
        this.estimate = estimate;
    }

    /** Of a member {@code name} whose object is the member {@code around}. */
    static MediaPart of(String name, String around, MediaTokens estimate) {
        boolean isVideo = name.equals("video_url") || around.equals("video_url");
        boolean isSound = name.equals("audio_url") || around.equals("audio_url") || around.equals("input_audio");
        return new MediaPart(isVideo ? Kind.VIDEO : isSound ? Kind.SOUND : Kind.PICTURE, estimate);
    }

    void text(byte[] bytes, int from, int to) {
        hash.putBytes(bytes, from, to - from);
        characters += to - from;
        if (kind == Kind.PICTURE) {
            picture.text(bytes, from, to);
        }
    }

    long identity() {
        return hash.getAsLong();
    }

    int tokens() {
        return switch (kind) {
            case PICTURE -> estimate.picture(picture.width(), picture.height());
            case VIDEO -> estimate.video();
            case SOUND -> (int) Math.clamp(characters / SOUND_CHARACTERS_PER_TOKEN, 1, MAX_TOKENS);
        };
    }
}
