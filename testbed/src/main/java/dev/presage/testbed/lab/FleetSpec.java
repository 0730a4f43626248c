package dev.presage.testbed.lab;

import dev.presage.testbed.engine.EngineProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Which replicas a lab fleet has, as {@code 4*h100-llama-2-70b-hf-tp8,4*a100-llama-2-70b-hf-tp4}: names of engine profiles,
 * each with an optional count, at most {@link #MAX_REPLICAS} in all. With {@code =prefill} or {@code =decode} behind a name they do only
 * that.
 *
 * @param roles one for each replica, empty for both
 */
record FleetSpec(List<EngineProfile> replicas, List<String> roles) {
    private static final Set<String> ROLES = Set.of("", "prefill", "decode");

    static final int MAX_REPLICAS = 1_024;

    public FleetSpec {
        replicas = List.copyOf(replicas);
        roles = List.copyOf(roles);
        if (replicas.isEmpty() || replicas.size() > MAX_REPLICAS) {
            throw new IllegalArgumentException("fleet of " + replicas.size() + " replicas outside 1.." + MAX_REPLICAS);
        }
    }

    /** Replicas that do all of a request. */
    FleetSpec(List<EngineProfile> replicas) {
        this(replicas, Collections.nCopies(replicas.size(), ""));
    }

    /** Reads the form above; an {@link IllegalArgumentException} names the part that is wrong. */
    static FleetSpec parse(String text) {
        List<EngineProfile> replicas = new ArrayList<>();
        List<String> roles = new ArrayList<>();
        for (String part : text.split(",")) {
            int star = part.indexOf('*');
            int count = star < 0 ? 1 : count(part.substring(0, star).strip(), part);
            String[] named = part.substring(star + 1).strip().split("=", 2);
            String role = named.length > 1 ? named[1] : "";
            if (!ROLES.contains(role)) {
                throw new IllegalArgumentException("'" + part + "': role '" + role + "' is neither prefill nor decode");
            }
            EngineProfile profile = EngineProfile.named(named[0]);
            for (int i = 0; i < count; i++) {
                replicas.add(profile);
                roles.add(role);
            }
        }
        return new FleetSpec(replicas, roles);
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
