package dev.presage.router.envoy;

import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.flow.Answer;
import dev.presage.router.flow.Ticket;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Held;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.request.InferenceRequest;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One stream that waits for flow control. The request is routed on flow control's thread, so that the next one is judged with it
 * accounted for; everything else of the stream goes on elsewhere.
 */
final class Parked implements Answer {
    private final RequestRouting routing;
    private final Queueing queueing;
    private final Session session;
    private final InferenceRequest request;
    private final Predicate<Endpoint> allowed;
    private final Function<Routing, Phase> then;
    private final Carried carried = Carried.now();
    private final Ticket ticket;

    private Parked(
            RequestRouting routing,
            Queueing queueing,
            Session session,
            InferenceRequest request,
            long bytes,
            Function<Routing, Phase> then) {
        this.routing = routing;
        this.queueing = queueing;
        this.session = session;
        this.request = request;
        this.allowed = routing.allowed(session.metadata());
        this.then = then;
        this.ticket = new Ticket(request, allowed, bytes, session.receivedNanos(), this);
    }

    /** Gives the request to flow control; {@code then} goes on when it is answered. */
    static Phase park(
            RequestRouting routing,
            Queueing queueing,
            Session session,
            InferenceRequest request,
            long bytes,
            Function<Routing, Phase> then) {
        Parked parked = new Parked(routing, queueing, session, request, bytes, then);
        session.parked(() -> queueing.flow().leave(parked.ticket));
        queueing.flow().enter(parked.ticket);
        return new Queued(session);
    }

    @Override
    public @Nullable Endpoint go(Predicate<Endpoint> among) {
        return go(() -> routing.pick(request, allowed.and(among)));
    }

    @Override
    public @Nullable Endpoint go(Predicate<Endpoint> among, CandidateMatrix seen, Held held) {
        return go(() -> routing.pick(request, allowed.and(among), seen, held));
    }

    private @Nullable Endpoint go(Supplier<Routing> pick) {
        Routing[] routed = new Routing[1];
        try {
            carried.with(() -> routed[0] = pick.get()).run();
        } catch (RuntimeException | LinkageError e) {
            resume(() -> {
                session.failed(e);
                return new Ended(session);
            });
            return null;
        }
        Routing result = routed[0];
        resume(() -> then.apply(result));
        return result instanceof Routing.Started started ? started.decision().endpoint() : null;
    }

    @Override
    public void takeBack() {
        resume(session::evict);
    }

    @Override
    public void turnedAway(Decision decision) {
        resume(() -> then.apply(new Routing.Refused(decision)));
    }

    private void resume(ProcessStream.Resumption next) {
        queueing.answers().execute(carried.with(() -> session.resume(next)));
    }
}
