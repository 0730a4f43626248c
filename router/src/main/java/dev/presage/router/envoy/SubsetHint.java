package dev.presage.router.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.presage.router.fleet.Endpoint;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's restriction of the candidates: a list, or a comma-separated string, of {@code ip:port}. An entry without a port
 * admits every port of its host; an empty list admits nothing.
 */
final class SubsetHint {
    private static final Predicate<Endpoint> ALL = endpoint -> true;

    private SubsetHint() {}

    static Predicate<Endpoint> of(Metadata metadata) {
        Struct namespace = metadata.getFilterMetadataMap().get(HeaderNames.SUBSET_NAMESPACE);
        @Nullable
        Value hint = namespace == null ? null : namespace.getFieldsMap().get(HeaderNames.SUBSET);
        if (hint == null) {
            return ALL;
        }
        Set<String> admitted = new HashSet<>();
        switch (hint.getKindCase()) {
            case LIST_VALUE ->
                hint.getListValue().getValuesList().forEach(value -> add(value.getStringValue(), admitted));
            case STRING_VALUE -> add(hint.getStringValue(), admitted);
            default -> {
                return ALL;
            }
        }
        return endpoint -> admitted.contains(endpoint.address()) || admitted.contains(endpoint.host());
    }

    private static void add(String list, Set<String> admitted) {
        for (String entry : list.split(",")) {
            String trimmed = entry.trim();
            if (!trimmed.isEmpty()) {
                boolean bracketedHost = trimmed.startsWith("[") && trimmed.endsWith("]");
                admitted.add(bracketedHost ? trimmed.substring(1, trimmed.length() - 1) : trimmed);
            }
        }
    }
}
