package dev.presage.router.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One page of the metrics port. Called per request on a virtual thread, by several at once. */
@FunctionalInterface
public interface Page {
    /**
     * An answer.
     *
     * @param contentType empty for none
     */
    record Answer(int status, String contentType, byte[] body) {
        /** A line of text. */
        public static Answer text(int status, String line) {
            return new Answer(status, "text/plain; charset=utf-8", line.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Answers a GET; {@code query} has the parameters of the URL, the last of each name. */
    Answer get(Map<String, String> query) throws IOException, InterruptedException;
}
