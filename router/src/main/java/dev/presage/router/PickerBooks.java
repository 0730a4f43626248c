package dev.presage.router;

import dev.presage.router.fleet.Dispatch;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointTwin;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.Exchange;
import dev.presage.router.observe.Outcome;
import dev.presage.router.pick.Decision;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.EndpointResiduals;
import dev.presage.router.predict.ModelHealth;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.request.InferenceRequest;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What the picker keeps in step with where requests really went: twins, prefix index, the model's record. */
record PickerBooks(
        Fleet fleet,
        PrefixIndex prefixes,
        ModelHealth health,
        EndpointResiduals residuals,
        Contenders contenders,
        LongSupplier nanoClock)
        implements Exchange.Books {
    /** Of a split request it tells of who computed the prompt. */
    @Override
    public void firstToken(Decision.Routed decision, String servedBy, double ttftMs) {
        Decision.Routed prefill = decision.itinerary().prefill();
        if (prefill == null) {
            learn(decision, servedBy, ttftMs);
        } else if (decision.isChosen(servedBy)) {
            learn(prefill, prefill.endpoint().address(), ttftMs);
        }
    }

    private void learn(Decision.Routed decision, String servedBy, double ttftMs) {
        long now = nanoClock.getAsLong();
        residuals.firstToken(decision, servedBy, ttftMs, now);
        contenders.firstToken(decision, servedBy, ttftMs, now);
    }

    @Override
    public void settled(Outcome outcome) {
        outcome.legs().forEach(health::ended);
        outcome.legs().forEach(residuals::ended);
        contenders.settled(outcome);
        InferenceRequest request = outcome.decision().candidates().request();
        int rest = Math.max(0, request.promptTokens() - request.prefixBlocks().length * InferenceRequest.BLOCK_TOKENS);
        int produced = Math.max(0, outcome.usage().outputTokens());
        endpoint(outcome).ifPresent(endpoint -> prefixes.ended(endpoint, request.prefixBlocks(), rest + produced));
        Decision.Routed prefill = outcome.decision().itinerary().prefill();
        if (prefill != null) {
            prefixes.ended(prefill.endpoint(), request.prefixBlocks(), rest);
        }
    }

    private Optional<Endpoint> endpoint(Outcome outcome) {
        return outcome.asChosen() ? Optional.of(outcome.decision().endpoint()) : find(outcome.servedBy());
    }

    /**
     * The blocks that were new to the chosen endpoint are not there, and all of them are where the request went. Who computes the
     * prompt of a split request is named in its headers and stays.
     */
    @Override
    public Dispatch moved(Decision.Routed decision, String address, long nowNanos) {
        CandidateMatrix candidates = decision.candidates();
        InferenceRequest request = candidates.request();
        long[] blocks = request.prefixBlocks();
        int cached = candidates.cachedTokens(decision.choice().candidate());
        // A prompt that is held whole counts as a token short of it.
        int held = (cached + InferenceRequest.BLOCK_TOKENS - 1) / InferenceRequest.BLOCK_TOKENS;
        prefixes.withdrawn(decision.endpoint(), blocks, held);
        Optional<Endpoint> served = find(address);
        if (served.isEmpty()) {
            return Exchange.Books.super.moved(decision, address, nowNanos);
        }
        int matched = prefixes.match(served.get(), blocks) * InferenceRequest.BLOCK_TOKENS;
        prefixes.sent(served.get(), blocks);
        EndpointTwin twin = twin(served.get());
        double tpotMs = candidates.aim().targets().tpotMs();
        Decision.Routed prefill = decision.itinerary().prefill();
        if (prefill == null) {
            return twin.dispatch(request.promptTokens(), matched, tpotMs, nowNanos);
        }
        int prefilled = prefill.candidates().cachedTokens(prefill.choice().candidate());
        Dispatch prompt = twin(prefill.endpoint()).dispatch(request.promptTokens(), prefilled, nowNanos);
        return twin.dispatchAfter(prompt, request.promptTokens(), tpotMs, nowNanos);
    }

    private EndpointTwin twin(Endpoint endpoint) {
        EndpointTwin twin = fleet.twin(endpoint);
        return twin == null ? new EndpointTwin() : twin;
    }

    private Optional<Endpoint> find(String address) {
        return fleet.endpoints().stream()
                .filter(endpoint -> endpoint.address().equals(address))
                .findFirst();
    }
}
