package dev.presage.router.plugin.profile;

import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The profile that a header names.
 *
 * @param header lower-case name
 * @param otherwise the profile of requests without it
 */
record ByHeader(String header, String otherwise) implements ProfileHandler {
    static ByHeader read(Parameters given) {
        return new ByHeader(
                given.text("headerName", "EPP-Profile").toLowerCase(Locale.ROOT),
                given.text("defaultProfile", "decode"));
    }

    @Override
    public Optional<String> complaint(Set<String> profiles) {
        return Optional.empty();
    }

    @Override
    public Decision schedule(Round round, Map<String, Profile> profiles, Rungs rungs) {
        String named = round.header(header);
        Profile profile = profiles.get(named.isEmpty() ? otherwise : named);
        if (profile == null) {
            return new Decision.Shed("failed to find target endpoint: the request names no known profile", "");
        }
        Optional<Decision.Routed> pick = rungs.pick(profile, round);
        return pick.isPresent() ? pick.get() : NOBODY;
    }
}
