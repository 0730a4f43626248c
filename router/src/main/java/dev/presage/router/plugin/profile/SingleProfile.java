package dev.presage.router.plugin.profile;

import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Round;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The only profile there is. */
record SingleProfile() implements ProfileHandler {
    @Override
    public Optional<String> complaint(Set<String> profiles) {
        return profiles.size() == 1
                ? Optional.empty()
                : Optional.of(
                        "single-profile-handler needs exactly one scheduling profile, there are " + profiles.size());
    }

    @Override
    public Decision schedule(Round round, Map<String, Profile> profiles, Rungs rungs) {
        Profile only = profiles.values().iterator().next();
        Optional<Decision.Routed> pick = rungs.pick(only, round);
        return pick.isPresent() ? pick.get() : NOBODY;
    }
}
