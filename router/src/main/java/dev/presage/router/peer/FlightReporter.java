package dev.presage.router.peer;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Tells the other routers of this one's requests. A split request is two flights: that of who computes the prompt ends with the
 * first token. {@code news} is called on the threads of the requests and must not block.
 */
public record FlightReporter(InstantSource wallClock, Consumer<Flight> news) implements RoutingListener {
    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        long now = wallClock.millis();
        for (Decision.Routed leg : decision.legs()) {
            int prompt = leg.candidates().request().promptTokens();
            boolean elsewhere = leg.itinerary().prefill() != null;
            int cached = elsewhere
                    ? prompt
                    : leg.candidates().cachedTokens(leg.choice().candidate());
            news.accept(new Flight.Sent(
                    leg.eventId(),
                    now,
                    leg.endpoint().address(),
                    prompt,
                    Math.min(prompt, cached),
                    leg.candidates().request().prefixBlocks()));
        }
    }

    @Override
    public void firstToken(Decision.Routed decision) {
        long now = wallClock.millis();
        news.accept(new Flight.FirstToken(decision.eventId(), now));
        Decision.Routed prefill = decision.itinerary().prefill();
        if (prefill != null) {
            news.accept(new Flight.Ended(prefill.eventId(), now, true, 0));
        }
    }

    @Override
    public void ended(Outcome outcome) {
        long now = wallClock.millis();
        boolean answered = outcome.cause() == EndCause.COMPLETED && outcome.asChosen();
        int output = outcome.asChosen() ? Math.max(0, outcome.usage().outputTokens()) : 0;
        for (Decision.Routed leg : outcome.decision().legs()) {
            boolean answers = leg == outcome.decision();
            news.accept(new Flight.Ended(leg.eventId(), now, answered, answers ? output : 0));
        }
    }
}
