package dev.presage.router.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.presage.router.plugin.ReplyPlugin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The dynamic metadata of a reply that has ended: numbers by name, by namespace. */
final class ReplyMetadata {
    private ReplyMetadata() {}

    static Struct of(List<ReplyPlugin.Attribute> attributes) {
        Map<String, Struct.Builder> namespaces = new TreeMap<>();
        for (ReplyPlugin.Attribute attribute : attributes) {
            namespaces
                    .computeIfAbsent(attribute.namespace(), namespace -> Struct.newBuilder())
                    .putFields(
                            attribute.name(),
                            Value.newBuilder().setNumberValue(attribute.value()).build());
        }
        Struct.Builder all = Struct.newBuilder();
        namespaces.forEach((namespace, fields) -> all.putFields(
                namespace, Value.newBuilder().setStructValue(fields).build()));
        return all.build();
    }
}
