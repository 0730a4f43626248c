package dev.presage.router.scrape;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One metric family that is read: its name and, for families that hold several things, the labels that a sample must carry.
 *
 * @param attribute position among the engine's attributes; meaningless for other roles
 * @param name bytes of the family's name
 * @param labels names and values in turn
 */
record Family(Role role, int attribute, byte[] name, byte[][] labels) {
    static Family of(Role role, int attribute, MetricSpec metric) {
        byte[][] labels = new byte[2 * metric.labels().size()][];
        int at = 0;
        for (Map.Entry<String, String> label : metric.labels().entrySet()) {
            labels[at++] = label.getKey().getBytes(StandardCharsets.UTF_8);
            labels[at++] = label.getValue().getBytes(StandardCharsets.UTF_8);
        }
        return new Family(role, attribute, metric.name().getBytes(StandardCharsets.UTF_8), labels);
    }

    /** Whether the sample carries all the labels. */
    boolean matches(SampleLine sample) {
        for (int i = 0; i < labels.length; i += 2) {
            if (!sample.has(labels[i], labels[i + 1])) {
                return false;
            }
        }
        return true;
    }
}
