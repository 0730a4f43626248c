package dev.presage.router.request;

import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * How large a request's videos are; one answer for all of them. Each value has the contract's default and is bounded, since
 * clients send it.
 *
 * @param seconds length
 * @param fps frames a second in the file
 */
record VideoHint(int width, int height, double seconds, double fps) {
    static final VideoHint DEFAULT = new VideoHint(640, 360, 10, 24);

    /** The rate that models look at videos with, as the contract's estimate has it. */
    private static final double SAMPLED_FPS = 1;

    private static final int MAX_SIDE = 1 << 14;
    private static final double MAX_SECONDS = 24 * 3600;

    VideoHint {
        width = Math.clamp(width, 1, MAX_SIDE);
        height = Math.clamp(height, 1, MAX_SIDE);
        seconds = Math.clamp(seconds, 0, MAX_SECONDS);
        fps = Math.clamp(fps, 0, 1000);
    }

    static VideoHint of(UnaryOperator<String> header) {
        String resolution = header.apply("x-llm-d-video-resolution");
        int by = resolution.toLowerCase(Locale.ROOT).indexOf('x');
        return new VideoHint(
                (int) number(by < 0 ? "" : resolution.substring(0, by), DEFAULT.width),
                (int) number(by < 0 ? "" : resolution.substring(by + 1), DEFAULT.height),
                number(header.apply("x-llm-d-video-duration-seconds"), DEFAULT.seconds),
                number(header.apply("x-llm-d-video-fps"), DEFAULT.fps));
    }

    private static double number(String text, double otherwise) {
        try {
            double value = text.isBlank() ? otherwise : Double.parseDouble(text.strip());
            return value > 0 ? value : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Prompt tokens of one video. */
    int tokens() {
        double frames = Math.max(1, seconds * Math.min(SAMPLED_FPS, fps));
        return (int) Math.min(MediaPart.MAX_TOKENS, frames * MediaPart.pictureTokens(width, height));
    }
}
