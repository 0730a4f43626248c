package dev.presage.router.config;

import dev.presage.router.yaml.YamlNode;
import java.util.List;

/** The contract's feature gates with their defaults. */
public record FeatureGates(boolean flowControl, boolean haPopulateNonLeaderDatastore) {
    public static final FeatureGates DEFAULT = new FeatureGates(false, true);

    static FeatureGates read(List<YamlNode> items) {
        FeatureGates gates = DEFAULT;
        for (YamlNode item : items) {
            String[] parts = item.takes("flowControl or haPopulateNonLeaderDatastore, with =true or =false")
                    .text()
                    .split("=", 2);
            boolean on = parts.length == 1 || parts[1].equals("true");
            gates = switch (parts[0]) {
                case "flowControl" -> new FeatureGates(on, gates.haPopulateNonLeaderDatastore);
                case "haPopulateNonLeaderDatastore" -> new FeatureGates(gates.flowControl, on);
                default -> throw item.error("feature gate '" + parts[0] + "' is unknown or unregistered");
            };
            if (!on && !parts[1].equals("false")) {
                throw item.error("must end in =true or =false, is '" + item.text() + "'");
            }
        }
        return gates;
    }
}
