package dev.presage.router.flow;

import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.program.ProgramBook;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The thread that owns the queues of one router. Requests come to it as messages and leave by their {@link Answer}; nobody waits
 * for it. It sends a request when there is room, looked for when one comes, when one ends and every few milliseconds while any
 * waits. What fails in here is told, and the requests concerned go on without flow control.
 *
 * <p>Messages are bounded by the open streams.
 */
public final class FlowControl implements RoutingListener, AutoCloseable {
    /** How many requests are told to make room at once, at most. */
    public static final int EVICTED_AT_ONCE = Evictions.AT_ONCE;

    private final FlowSettings settings;
    private final FlowListener listener;
    private final FlowDesk desk;
    private final BlockingQueue<Runnable> messages = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile View view;
    private volatile boolean closing;
    private boolean over;

    /** What waits, for metrics; {@code evicting} requests are to make room. */
    public record View(List<FlowQueues.BandView> bands, long requests, long bytes, int evicting) {}

    /**
     * @param fleet whether there are any endpoints
     * @param rounds the candidates of a request as they are now
     * @param nanoClock the clock of the picker
     * @param programs whose contexts need room; told by the picker
     */
    public FlowControl(
            FlowSettings settings,
            Fleet fleet,
            Function<Ticket, Round> rounds,
            SaturationDetector detector,
            LongSupplier nanoClock,
            FlowListener listener,
            ProgramBook programs) {
        this.settings = settings;
        this.listener = listener;
        this.desk = new FlowDesk(settings, fleet, rounds, detector, nanoClock, listener, programs);
        this.view = desk.view();
        this.thread = Thread.ofPlatform().daemon().name("presage-flow").unstarted(this::run);
    }

    /** From now on requests are answered. */
    public FlowControl start() {
        thread.start();
        return this;
    }

    /** A request wants in. Its answer comes later, unless {@link #leave} comes first. */
    public void enter(Ticket ticket) {
        tell(() -> desk.offer(ticket));
    }

    /** The client of a request is gone. If it was not sent yet, it is not any more, and not answered. */
    public void leave(Ticket ticket) {
        tell(() -> desk.cancel(ticket));
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        // Whoever routes returns where to.
    }

    @Override
    public void ended(Outcome outcome) {
        tell(() -> desk.settle(outcome));
    }

    public FlowSettings settings() {
        return settings;
    }

    /** What waits now, or did a moment ago. */
    public View view() {
        return view;
    }

    private void tell(Runnable message) {
        messages.add(message);
        if (closing) {
            handleRest();
        }
    }

    /** Nobody is in the thread any more: what comes is answered where it comes from. */
    private synchronized void handleRest() {
        if (over) {
            handleAll();
        }
    }

    private void handleAll() {
        for (Runnable message = messages.poll(); message != null; message = messages.poll()) {
            message.run();
        }
    }

    private void run() {
        while (!closing) {
            try {
                Runnable first = messages.poll(desk.patienceNanos(), TimeUnit.NANOSECONDS);
                desk.observe();
                if (first != null) {
                    first.run();
                }
                handleAll();
                view = desk.step();
            } catch (InterruptedException | RuntimeException | Error e) {
                // Whatever it is, requests must not wait for a thread that is gone.
                listener.fault("flow", e);
                desk.releaseAll();
            }
        }
    }

    /** All that wait are turned away, and so is who comes later. */
    @Override
    public void close() {
        closing = true;
        messages.add(() -> {});
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (this) {
            over = true;
            handleAll();
            desk.close();
        }
    }
}
