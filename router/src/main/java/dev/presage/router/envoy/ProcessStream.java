package dev.presage.router.envoy;

import dev.presage.router.observe.EndCause;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One stream of Envoy's: reads the clock, hands the message to the phase, keeps the next phase. On its event loop, except for what
 * goes on after waiting in a queue; so it has a lock, which is free but for that moment.
 */
final class ProcessStream implements StreamObserver<ProcessingRequest> {
    /** What comes next of a stream that has waited. */
    @FunctionalInterface
    interface Resumption {
        Phase next();
    }

    /** Carries on what has waited. */
    @FunctionalInterface
    interface Resuming {
        void resume(Resumption next);
    }

    private final Session session;
    private final LongSupplier nanoClock;
    private final Supplier<EndCause> abandonment;
    private final ServerCallStreamObserver<ProcessingResponse> call;
    private boolean due;
    private Phase phase;

    ProcessStream(
            Session session,
            ServerCallStreamObserver<ProcessingResponse> call,
            LongSupplier nanoClock,
            Supplier<EndCause> abandonment) {
        this.session = session;
        this.call = call;
        this.nanoClock = nanoClock;
        this.abandonment = abandonment;
        this.phase = new Opening(session);
        session.carriedOnBy(this::resume);
    }

    @Override
    public synchronized void onNext(ProcessingRequest message) {
        long arrived = nanoClock.getAsLong();
        try {
            session.heard(message, arrived);
            phase = phase.next(new Incoming(message, arrived));
        } catch (RuntimeException e) {
            session.failed(e);
            phase = new Ended(session);
        }
        if (session.hasMore()) {
            Afterwards.run(this::finish);
        } else {
            due = true;
            askForMore();
        }
    }

    /** The last message is done with only now; nothing else of the stream is looked at before. */
    private synchronized void finish() {
        if (session.hasMore()) {
            try {
                session.more();
            } catch (RuntimeException e) {
                session.failed(e);
                phase = new Ended(session);
            }
            due = true;
            askForMore();
        }
    }

    private synchronized void resume(Resumption next) {
        finish();
        try {
            phase = next.next();
        } catch (RuntimeException e) {
            session.failed(e);
            phase = new Ended(session);
        }
        askForMore();
    }

    /** Envoy has taken what was sent. */
    synchronized void writable() {
        askForMore();
    }

    /** The next message only when the answers to this one are on their way, so that they cannot pile up here. */
    private void askForMore() {
        if (due && call.isReady() && !(phase instanceof Queued)) {
            due = false;
            call.request(1);
        }
    }

    @Override
    public void onError(Throwable cause) {
        cancelled();
    }

    /** Envoy reset the stream. */
    synchronized void cancelled() {
        finish();
        session.cancelled();
        session.abandoned(abandonment.get());
    }

    @Override
    public synchronized void onCompleted() {
        finish();
        session.abandoned(abandonment.get());
        session.close();
    }
}
