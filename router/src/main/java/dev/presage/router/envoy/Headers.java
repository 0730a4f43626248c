package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The headers of one message as Envoy sent them, found by lower-case name. */
final class Headers {
    /** One header line; the key as received. */
    record Line(String key, String name, ByteString value) {}

    static final Headers NONE = new Headers(HeaderMap.getDefaultInstance());

    private final List<Line> lines;
    private final Map<String, Integer> counts = new HashMap<>();

    Headers(HeaderMap map) {
        lines = new ArrayList<>(map.getHeadersCount());
        for (HeaderValue header : map.getHeadersList()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            ByteString value = header.getRawValue().isEmpty() ? header.getValueBytes() : header.getRawValue();
            lines.add(new Line(header.getKey(), name, value));
            counts.merge(name, 1, Integer::sum);
        }
    }

    List<Line> lines() {
        return lines;
    }

    /** Whether the name has one line only; a mutation that sets it again would drop the others. */
    boolean isSingle(Line line) {
        return counts.getOrDefault(line.name(), 0) == 1;
    }

    boolean has(String name) {
        return counts.containsKey(name);
    }

    /** The value of the first of {@code names} that is there, else empty. */
    String first(String... names) {
        for (String name : names) {
            if (has(name)) {
                for (Line line : lines) {
                    if (line.name().equals(name)) {
                        return line.value().toStringUtf8();
                    }
                }
            }
        }
        return "";
    }

    /** The first value of each name. */
    Map<String, String> byName() {
        Map<String, String> values = HashMap.newHashMap(lines.size());
        for (Line line : lines) {
            values.putIfAbsent(line.name(), line.value().toStringUtf8());
        }
        return values;
    }

    /** Whether the body is not what its content type says but a compressed form of it. */
    boolean isEncoded() {
        String encoding = first("content-encoding");
        return !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity");
    }

    /** The length that the sender announced, -1 for none. */
    long contentLength() {
        try {
            return Long.parseLong(first(HeaderNames.CONTENT_LENGTH));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The path that says which API is spoken, also behind a gateway that rewrote it. */
    String path() {
        String path = first(":path", "x-original-path", "x-forwarded-path");
        return path.isEmpty() ? "/v1/completions" : path;
    }
}
