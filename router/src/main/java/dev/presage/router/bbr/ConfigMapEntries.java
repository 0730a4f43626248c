package dev.presage.router.bbr;

import dev.presage.router.yaml.YamlNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base models from ConfigMaps that somebody else follows. A ConfigMap that cannot be read keeps what it said last. Told by one
 * thread at a time.
 */
public final class ConfigMapEntries {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigMapEntries.class);
    private static final String KIND = "configmap:";

    private final BaseModels bases;
    private final Map<String, String> complaints = new HashMap<>();

    public ConfigMapEntries(BaseModels bases) {
        this.bases = bases;
    }

    /** These are all there are from now on: the entries of each ConfigMap by its name. */
    public void replace(Map<String, Map<String, String>> configMaps) {
        Set<String> known = new HashSet<>();
        configMaps.forEach((name, entries) -> {
            known.add(KIND + name);
            read(name, entries);
        });
        bases.retain(KIND, known::contains);
        complaints.keySet().retainAll(configMaps.keySet());
    }

    private void read(String name, Map<String, String> entries) {
        try {
            String base = entries.getOrDefault(AdapterLists.BASE, "");
            String adapters = entries.getOrDefault(AdapterLists.ADAPTERS, "");
            if (adapters.length() > YamlNode.MAX_CHARACTERS) {
                throw new IllegalArgumentException(
                        AdapterLists.ADAPTERS + " has more than " + YamlNode.MAX_CHARACTERS + " characters");
            }
            bases.declare(KIND + name, List.of(AdapterLists.declaration("ConfigMap " + name, base, adapters)));
            complaints.remove(name);
        } catch (RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(complaints.put(name, message))) {
                LOG.warn("base models of ConfigMap {} stay as they are: {}", name, message);
            }
        }
    }
}
