package dev.presage.router.plugin.profile;

import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.plugin.Round;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chooses the profiles of a request and makes one decision of their picks. */
public interface ProfileHandler extends Plugin {
    /** The contract's words for filters that leave nobody. */
    Decision NOBODY = new Decision.Shed("no endpoints available for the given request", "rejected-saturated");

    /** What is wrong with a configuration that has profiles of these names; empty when nothing is. */
    Optional<String> complaint(Set<String> profiles);

    Decision schedule(Round round, Map<String, Profile> profiles, Rungs rungs);
}
