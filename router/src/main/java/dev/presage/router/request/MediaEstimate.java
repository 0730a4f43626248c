package dev.presage.router.request;

/**
 * How many prompt tokens pictures and videos are taken for, where nobody counts them. Made by the configuration, the same for all
 * requests; what a client says of its videos goes before.
 *
 * @param picture tokens of one picture
 * @param pictureSize of one that does not tell its own
 */
public record MediaEstimate(Area picture, Size pictureSize, Video video) {
    /** The contract's: a token for 32 by 32 pixels, one frame a second. */
    public static final MediaEstimate DEFAULT = new MediaEstimate(
            Area.BY_PIXELS, Size.DEFAULT, new Video(Area.BY_PIXELS, Frames.SAMPLED, Size.DEFAULT, 10, 0));

    /** Pixels. */
    public record Size(int width, int height) {
        static final int MAX_SIDE = 1 << 14;
        public static final Size DEFAULT = new Size(640, 360);

        public Size {
            if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE) {
                throw new IllegalArgumentException(
                        "width and height must be within 1.." + MAX_SIDE + ", are " + width + " and " + height);
            }
        }
    }

    /**
     * Tokens of one picture or frame.
     *
     * @param pixels that a token covers
     * @param fixed tokens whatever the size; 0 where the size counts
     */
    public record Area(double pixels, int fixed) {
        public static final Area BY_PIXELS = new Area(1024, 0);

        public Area {
            if (!(pixels > 0) || fixed < 0) {
                throw new IllegalArgumentException(
                        "a token must cover pixels, or their number be fixed: " + pixels + ", " + fixed);
            }
        }

        int tokens(int width, int height) {
            return fixed > 0 ? fixed : (int) Math.clamp((double) width * height / pixels, 1, MediaPart.MAX_TOKENS);
        }
    }

    /**
     * Which frames of a video a model looks at: so many a second, or every so many of the source's.
     *
     * @param sampledFps frames a second, 0 where every {@code stride}th counts
     * @param sourceFps of a video whose client does not say
     * @param least frames however short the video is
     * @param most frames however long it is, 0 for any number
     * @param merged frames that share their tokens
     */
    public record Frames(double sampledFps, double stride, double sourceFps, int least, int most, int merged) {
        public static final Frames SAMPLED = new Frames(1, 1, 24, 0, 0, 1);

        public Frames {
            if (!(sampledFps >= 0 && stride > 0 && sourceFps > 0) || least < 0 || most < 0 || merged < 1) {
                throw new IllegalArgumentException("frames must not be negative, nor stride, rate and merged be 0");
            }
        }

        double of(double seconds, double fps) {
            double source = fps > 0 ? fps : sourceFps;
            double frames = sampledFps > 0 ? seconds * Math.min(sampledFps, source) : seconds * source / stride;
            double bounded = Math.max(frames, least);
            return (most > 0 ? Math.min(bounded, most) : bounded) / merged;
        }
    }

    /**
     * Tokens of one video.
     *
     * @param seconds of one whose client does not say
     * @param mostTokens 0 for any number
     */
    public record Video(Area frame, Frames frames, Size size, double seconds, int mostTokens) {
        public Video {
            if (!(seconds > 0) || mostTokens < 0) {
                throw new IllegalArgumentException("a video must have seconds, and mostTokens not be negative");
            }
        }
    }

    /** Tokens of a picture; a size of 0 is not known. */
    int ofPicture(int width, int height) {
        return width > 0 && height > 0
                ? picture.tokens(width, height)
                : picture.tokens(pictureSize.width(), pictureSize.height());
    }

    int ofVideo(VideoHint hint) {
        int frame = video.frame.tokens(
                hint.width() > 0 ? hint.width() : video.size.width(),
                hint.height() > 0 ? hint.height() : video.size.height());
        double frames = Math.max(1, video.frames.of(hint.seconds() > 0 ? hint.seconds() : video.seconds, hint.fps()));
        int most = video.mostTokens > 0 ? Math.min(video.mostTokens, MediaPart.MAX_TOKENS) : MediaPart.MAX_TOKENS;
        return (int) Math.min(most, frames * frame);
    }
}
