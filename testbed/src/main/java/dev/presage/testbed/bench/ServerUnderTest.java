package dev.presage.testbed.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A running server and the client that loads it. */
final class ServerUnderTest implements AutoCloseable {
    /** The router of this build. */
    static final String PRESAGE = "presage";
    /** The router of another one. */
    static final String AGAINST = "against";
    /** A server that decides nothing. */
    static final String FLOOR = "floor";

    private final String name;
    private final ServerProcess process;
    private final ProcessorClient client;
    private final @Nullable DecisionCounters counters;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;

    /** @param counters null for a server that has none */
    ServerUnderTest(
            String name,
            ServerProcess process,
            ProcessorClient client,
            @Nullable DecisionCounters counters,
            LongSupplier nanoClock,
            RandomGenerator random) {
        this.name = name;
        this.process = process;
        this.client = client;
        this.counters = counters;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    String name() {
        return name;
    }

    /** Loads the server for a while and reads what it cost. */
    Measurement measure(int bodyBytes, LoadShape shape, Duration window) throws InterruptedException {
        ProcessorTime before = ProcessorTime.read(process.handle());
        LoadCount count = load(bodyBytes, shape, window);
        ProcessorTime took = ProcessorTime.read(process.handle()).since(before);
        return new Measurement(
                count.latency().getTotalCount(),
                count.errors(),
                count.seconds(),
                Measurement.Latency.of(count.latency()),
                took.server(),
                took.others() / count.seconds());
    }

    private LoadCount load(int bodyBytes, LoadShape shape, Duration window) throws InterruptedException {
        var headers = EnvoyMessages.requestHeaders(bodyBytes);
        return switch (shape) {
            case LoadShape.Closed(int concurrency) ->
                new ClosedLoop(client, new Prompts(bodyBytes, false, random.nextLong()), headers, nanoClock)
                        .run(concurrency, window);
            case LoadShape.Open(int perSecond) ->
                new OpenLoop(client, new Prompts(bodyBytes, true, random.nextLong()), headers, nanoClock)
                        .run(new ArrivalSchedule(perSecond, random), window);
        };
    }

    /** Whether it predicts, and so counts who decided. */
    boolean isRouter() {
        return counters != null;
    }

    /** Decisions per policy and reason so far; none for the floor. */
    Map<String, Long> decidedBy() throws IOException, InterruptedException {
        return counters == null ? Map.of() : counters.read();
    }

    @Override
    public void close() {
        client.close();
        if (counters != null) {
            counters.close();
        }
        process.close();
    }
}
