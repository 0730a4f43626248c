package dev.presage.router.request;

import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What a client says of its request's videos; one answer for all of them. 0 where it does not say; bounded, since clients send it.
 *
 * @param seconds length
 * @param fps frames a second in the file
 */
record VideoHint(int width, int height, double seconds, double fps) {
    static final VideoHint NONE = new VideoHint(0, 0, 0, 0);

    private static final double MAX_SECONDS = 24 * 3600;

    VideoHint {
        width = Math.clamp(width, 0, MediaEstimate.Size.MAX_SIDE);
        height = Math.clamp(height, 0, MediaEstimate.Size.MAX_SIDE);
        seconds = Math.clamp(seconds, 0, MAX_SECONDS);
        fps = Math.clamp(fps, 0, 1000);
    }

    static VideoHint of(UnaryOperator<String> header) {
        String resolution = header.apply("x-llm-d-video-resolution");
        int by = resolution.toLowerCase(Locale.ROOT).indexOf('x');
        return new VideoHint(
                (int) number(by < 0 ? "" : resolution.substring(0, by)),
                (int) number(by < 0 ? "" : resolution.substring(by + 1)),
                number(header.apply("x-llm-d-video-duration-seconds")),
                number(header.apply("x-llm-d-video-fps")));
    }

    private static double number(String text) {
        try {
            double value = text.isBlank() ? 0 : Double.parseDouble(text.strip());
            return value > 0 ? value : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
