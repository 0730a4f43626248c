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

    /** The pixels that a visual token covers. */
    private static final double PIXELS_PER_TOKEN = 1024;
    /** 25 tokens a second of 16-bit sound at 16 kHz, in characters of base64. */
    private static final double SOUND_CHARACTERS_PER_TOKEN = 32_000 / 25.0 * 4 / 3;

    private final Kind kind;
    private final VideoHint video;
    private final HashStream64 hash = Hashing.xxh64().hashStream();
    private final InlinePicture picture = new InlinePicture();
    private long characters;

    private MediaPart(Kind kind, VideoHint video) {
        this.kind = kind;
        this.video = video;
    }

    /** Of a member {@code name} whose object is the member {@code around}. */
    static MediaPart of(String name, String around, VideoHint video) {
        boolean isVideo = name.equals("video_url") || around.equals("video_url");
        boolean isSound = name.equals("audio_url") || around.equals("audio_url") || around.equals("input_audio");
        return new MediaPart(isVideo ? Kind.VIDEO : isSound ? Kind.SOUND : Kind.PICTURE, video);
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
            case PICTURE ->
                picture.width() > 0 && picture.height() > 0
                        ? pictureTokens(picture.width(), picture.height())
                        : pictureTokens(VideoHint.DEFAULT.width(), VideoHint.DEFAULT.height());
            case VIDEO -> video.tokens();
            case SOUND -> (int) Math.clamp(characters / SOUND_CHARACTERS_PER_TOKEN, 1, MAX_TOKENS);
        };
    }

    static int pictureTokens(int width, int height) {
        return (int) Math.clamp((double) width * height / PIXELS_PER_TOKEN, 1, MAX_TOKENS);
    }
}
