package dev.presage.router.plugin;

import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Decision;
import java.util.List;
import java.util.Map;

/** A plugin that adds to replies. Called on the thread of the stream that carries them; must not block. */
public interface ReplyPlugin extends Plugin {
    /**
     * A number for the gateway's own filters, as dynamic metadata.
     *
     * @param namespace of the metadata, such as {@code envoy.lb}
     */
    record Attribute(String namespace, String name, long value) {}

    /** A request was routed. */
    default void routed(Decision.Routed decision) {}

    /** Headers that the reply gets, by name. */
    default Map<String, String> headers(Reply reply) {
        return Map.of();
    }

    /** What the gateway is told when the reply has ended. */
    default List<Attribute> attributes(Usage usage) {
        return List.of();
    }
}
