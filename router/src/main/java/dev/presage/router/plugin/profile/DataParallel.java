package dev.presage.router.plugin.profile;

import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Round;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Picks a rank and sends the request to the port that all ranks of its pod share; a header names the rank. */
record DataParallel(int primaryPort) implements ProfileHandler {
    @Override
    public Optional<String> complaint(Set<String> profiles) {
        return new SingleProfile().complaint(profiles);
    }

    @Override
    public Decision schedule(Round round, Map<String, Profile> profiles, Rungs rungs) {
        return switch (new SingleProfile().schedule(round, profiles, rungs)) {
            case Decision.Routed routed -> routed.by(routed.itinerary().through(primaryPort));
            case Decision refused -> refused;
        };
    }
}
