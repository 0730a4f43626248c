package dev.presage.testbed.lab;

import dev.presage.testbed.engine.EngineProfile;
import java.util.ArrayList;
import java.util.List;

/**
 * Which replicas a lab fleet has, as {@code 4*h100-llama-2-70b-hf-tp8,4*a100-llama-2-70b-hf-tp4}: names of engine profiles,
 * each with an optional count, at most {@link #MAX_REPLICAS} in all.
 */
record FleetSpec(List<EngineProfile> replicas) {
    static final int MAX_REPLICAS = 1_024;

    public FleetSpec {
        replicas = List.copyOf(replicas);
        if (replicas.isEmpty() || replicas.size() > MAX_REPLICAS) {
            throw new IllegalArgumentException("fleet of " + replicas.size() + " replicas outside 1.." + MAX_REPLICAS);
        }
    }

    /** Reads the form above; an {@link IllegalArgumentException} names the part that is wrong. */
    static FleetSpec parse(String text) {
        List<EngineProfile> replicas = new ArrayList<>();
        for (String part : text.split(",")) {
            int star = part.indexOf('*');
            int count = star < 0 ? 1 : count(part.substring(0, star).strip(), part);
            EngineProfile profile = EngineProfile.named(part.substring(star + 1).strip());
            for (int i = 0; i < count; i++) {
                replicas.add(profile);
            }
        }
        return new FleetSpec(replicas);
    }

    private static int count(String digits, String part) {
        try {
            int count = Integer.parseInt(digits);
            if (count >= 1 && count <= MAX_REPLICAS) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + part + "': '" + digits + "' is not a count", e);
        }
        throw new IllegalArgumentException("'" + part + "': count " + digits + " outside 1.." + MAX_REPLICAS);
    }
}
