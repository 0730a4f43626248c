package dev.presage.testbed.load;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Sends each planned request to every target when it is due, on a virtual thread of its own; never waits for answers. A
 * target with {@code maxInFlight} unanswered requests gets no more: those are failures, not delays, so the schedule is
 * kept whatever happens (no coordinated omission). One {@link #run} at a time; {@link #stop} from any thread.
 */
public final class OpenLoopLoad implements AutoCloseable {
    private static final Duration READ_LIMIT = Duration.ofMinutes(10);

    private final List<LoadTarget> targets;
    private final String model;
    private final int maxInFlight;
    private final LoadListener listener;
    private final LongSupplier nanoClock;
    private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();
    private final Map<String, Http1Client> clients = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /**
     * @param model the name put into the bodies; needs no escaping in JSON
     * @param maxInFlight bound on unanswered requests for each target
     */
    public OpenLoopLoad(
            List<LoadTarget> targets, String model, int maxInFlight, LoadListener listener, LongSupplier nanoClock) {
        this.targets = List.copyOf(targets);
        this.model = model;
        this.maxInFlight = maxInFlight;
        this.listener = listener;
        this.nanoClock = nanoClock;
        for (LoadTarget target : targets) {
            permits.put(target.name(), new Semaphore(maxInFlight));
            clients.put(target.name(), client(target, maxInFlight));
        }
    }

    private static Http1Client client(LoadTarget target, int connections) {
        return Http1Client.builder()
                .baseUri(target.baseUrl())
                .connectionCacheSize(connections)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(10))
                        .readTimeout(READ_LIMIT)
                        .tcpNoDelay(true)
                        .build())
                .build();
    }

    /** Sends the plan and returns when its last request is out or {@link #stop} was called. */
    public void run(LoadPlan plan) {
        long start = nanoClock.getAsLong();
        for (PlannedRequest planned : plan.requests()) {
            byte[] body = CompletionBody.of(model, planned.request());
            if (!await(start + planned.dueNanos())) {
                return;
            }
            for (LoadTarget target : targets) {
                Thread.ofVirtual()
                        .name("load-" + target.name() + "-" + planned.index())
                        .start(() -> send(target, planned.index(), body, start + planned.dueNanos()));
            }
        }
    }

    /** Waits for the answers of everything that was sent; false when some are missing after {@code limit}. */
    public boolean drain(Duration limit) throws InterruptedException {
        long deadline = nanoClock.getAsLong() + limit.toNanos();
        for (Semaphore permit : permits.values()) {
            if (!permit.tryAcquire(maxInFlight, deadline - nanoClock.getAsLong(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            permit.release(maxInFlight);
        }
        return true;
    }

    /** Ends {@link #run} early; requests under way go on. */
    public void stop() {
        stopped = true;
    }

    /** Unanswered requests of a target. */
    public int inFlight(String target) {
        Semaphore permit = permits.get(target);
        return permit == null ? 0 : maxInFlight - permit.availablePermits();
    }

    private boolean await(long dueNanos) {
        while (!stopped && !Thread.currentThread().isInterrupted()) {
            long left = dueNanos - nanoClock.getAsLong();
            if (left <= 0) {
                return true;
            }
            LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(200)));
        }
        return false;
    }

    private void send(LoadTarget target, int index, byte[] body, long dueNanos) {
        Semaphore permit = permits.get(target.name());
        Http1Client client = clients.get(target.name());
        if (permit == null || client == null || !permit.tryAcquire()) {
            listener.ended(ClientSample.failed(
                    target.name(),
                    index,
                    0,
                    "not sent: " + maxInFlight + " in flight",
                    nanoClock.getAsLong() - dueNanos));
            return;
        }
        try {
            listener.ended(exchange(client, target.name(), index, body, dueNanos));
        } finally {
            permit.release();
        }
    }

    private ClientSample exchange(Http1Client client, String target, int index, byte[] body, long dueNanos) {
        SseReply reply = new SseReply(nanoClock);
        int status = 0;
        long sent = nanoClock.getAsLong();
        Http1ClientRequest request = client.post("/v1/completions")
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.create("x-request-id"), target + "-" + index);
        try (HttpClientResponse response = request.submit(body)) {
            status = response.status().code();
            reply.readAll(response.inputStream());
        } catch (Exception e) {
            // Whatever went wrong, the client did not get its answer: that is the result.
            return ClientSample.failed(target, index, status, e.toString(), nanoClock.getAsLong() - dueNanos);
        }
        return reply.sample(target, index, status, dueNanos, sent - dueNanos, nanoClock.getAsLong());
    }

    @Override
    public void close() {
        stop();
        clients.values().forEach(Http1Client::closeResource);
    }
}
