package dev.presage.router.discovery.kubernetes;

import dev.presage.router.discovery.DiscoveryListener;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Follows the ConfigMaps of one namespace that have a label. It starts without a server and survives one that goes away: what was
 * told stays until the server says otherwise. Tells on a thread of its own, which ends with {@link #close}.
 */
public final class ConfigMaps implements AutoCloseable {
    private static final Duration REPORTS = Duration.ofSeconds(15);

    private final Complaints complaints;
    private final Consumer<Map<String, Map<String, String>>> told;
    private final Conflator reading;
    private final Feed feed;

    private ConfigMaps(
            ApiClient client,
            String namespace,
            Feed.Selection selection,
            Consumer<Map<String, Map<String, String>>> told,
            DiscoveryListener listener) {
        this.complaints = new Complaints(listener);
        this.told = told;
        reading = new Conflator("presage-config-maps", () -> REPORTS, this::read);
        feed = Feed.open(client.client(), ApiKind.CONFIG_MAP, namespace, selection, reading::ask);
    }

    /**
     * Starts to follow and returns before anything is known.
     *
     * @param told receives the entries of all of them by name, after each change; one call at a time
     */
    public static ConfigMaps follow(
            ApiClient client,
            String namespace,
            String labelKey,
            String labelValue,
            Consumer<Map<String, Map<String, String>>> told,
            DiscoveryListener listener) {
        ConfigMaps followed =
                new ConfigMaps(client, namespace, new Feed.Selection.Labelled(labelKey, labelValue), told, listener);
        followed.reading.start();
        return followed;
    }

    private void read() {
        feed.report();
        if (!feed.synced()) {
            return;
        }
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (GenericKubernetesResource object : feed.objects()) {
            if (object.getMetadata() != null) {
                all.put(object.getMetadata().getName(), entries(object));
            }
        }
        told.accept(all);
    }

    private Map<String, String> entries(GenericKubernetesResource object) {
        try {
            return Fields.of(object).optionalObject("data").map(Fields::texts).orElse(Map.of());
        } catch (MalformedObjectException e) {
            complaints.about(ApiKind.CONFIG_MAP, object, String.valueOf(e.getMessage()));
            return Map.of();
        }
    }

    @Override
    public void close() {
        reading.close();
        feed.close();
    }
}
