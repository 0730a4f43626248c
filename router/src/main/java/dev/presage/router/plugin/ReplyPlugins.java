package dev.presage.router.plugin;

import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The plugins that add to replies, in the order of their declaration. One that fails adds nothing. Thread-safe. */
public record ReplyPlugins(List<ReplyPlugin> plugins) {
    public static final ReplyPlugins NONE = new ReplyPlugins(List.of());

    private static final FaultLog FAULTS = new FaultLog();

    public ReplyPlugins {
        plugins = List.copyOf(plugins);
    }

    /** A request was routed. */
    public void routed(Decision.Routed decision) {
        for (ReplyPlugin plugin : plugins) {
            try {
                plugin.routed(decision);
            } catch (RuntimeException e) {
                failed(plugin, e);
            }
        }
    }

    /** Headers that the reply gets; of two plugins that set the same one the later counts. */
    public Map<String, String> headers(Reply reply) {
        if (plugins.isEmpty()) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (ReplyPlugin plugin : plugins) {
            try {
                headers.putAll(plugin.headers(reply));
            } catch (RuntimeException e) {
                failed(plugin, e);
            }
        }
        return headers;
    }

    /** What the gateway is told at the end of a reply. */
    public List<ReplyPlugin.Attribute> attributes(Usage usage) {
        if (plugins.isEmpty()) {
            return List.of();
        }
        List<ReplyPlugin.Attribute> attributes = new ArrayList<>();
        for (ReplyPlugin plugin : plugins) {
            try {
                attributes.addAll(plugin.attributes(usage));
            } catch (RuntimeException e) {
                failed(plugin, e);
            }
        }
        return attributes;
    }

    private void failed(ReplyPlugin plugin, RuntimeException cause) {
        FAULTS.failed(plugin.getClass().getSimpleName(), cause);
    }
}
