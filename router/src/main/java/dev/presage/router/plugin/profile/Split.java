package dev.presage.router.plugin.profile;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Itinerary;
import dev.presage.router.plugin.Decider;
import dev.presage.router.plugin.Round;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Prefill, decode and encode by endpoints of their own. Decode first: who answers, then by the deciders who encodes and who
 * computes the prompt. Prefill first: the prompt is always computed elsewhere if it can be. A stage that finds nobody, or finds
 * who answers anyway, is done by who answers.
 *
 * <p>While a model decides, prefill takes the lowest predicted TTFT and decode the lowest {@link Transfer}: no term depends on
 * both, so the two minima are the cheapest pair.
 *
 * @param names the profile of each stage
 * @param primaryPort of data-parallel pods, 0 for none
 */
record Split(
        Names names,
        Decider prefillDecider,
        Decider encodeDecider,
        boolean prefillFirst,
        Transfer transfer,
        int primaryPort)
        implements ProfileHandler {
    record Names(String decode, String prefill, String encode) {}

    Split decidedBy(Decider prefill) {
        return new Split(names, prefill, encodeDecider, prefillFirst, transfer, primaryPort);
    }

    @Override
    public Optional<String> complaint(Set<String> profiles) {
        return profiles.contains(names.decode)
                ? Optional.empty()
                : Optional.of("the profile handler needs a scheduling profile '" + names.decode + "'");
    }

    @Override
    public Decision schedule(Round round, Map<String, Profile> profiles, Rungs rungs) {
        Profile decode = profiles.getOrDefault(names.decode, Profile.DEFAULT);
        Optional<Decision.Routed> alone = rungs.pick(decode, round);
        if (alone.isEmpty()) {
            return NOBODY;
        }
        Optional<Decision.Routed> encode =
                encodeDecider.split(alone.get()) ? stage(names.encode, round, profiles, rungs) : Optional.empty();
        Optional<Decision.Routed> prefill = prefillFirst || prefillDecider.split(alone.get())
                ? stage(names.prefill, round, profiles, rungs)
                : Optional.empty();
        Decision.Routed answers = prefill.isPresent() && learned(alone.get())
                ? rungs.pick(decode, round, transfer).orElse(alone.get())
                : alone.get();
        return answers.by(itinerary(answers, prefill, encode));
    }

    private static boolean learned(Decision.Routed decision) {
        return decision.choice().predictions() != null;
    }

    /** Targets of the whole request say nothing of a stage alone. */
    private static Optional<Decision.Routed> stage(
            String name, Round round, Map<String, Profile> profiles, Rungs rungs) {
        Profile profile = profiles.get(name);
        return profile == null
                ? Optional.empty()
                : rungs.pick(profile, round, rungs.ladder().objective());
    }

    private Itinerary itinerary(
            Decision.Routed answers, Optional<Decision.Routed> prefill, Optional<Decision.Routed> encode) {
        Endpoint own = answers.endpoint();
        Decision.Routed prefiller = prefill.filter(pick -> !pick.endpoint().equals(own))
                .map(pick -> pick.by(Itinerary.PREFILL))
                .orElse(null);
        List<Endpoint> encoders = encode.stream()
                .flatMap(pick -> pick.endpoints().stream())
                .filter(endpoint -> !endpoint.equals(own))
                .toList();
        return answers.itinerary().split(prefiller, encoders).through(primaryPort);
    }
}
