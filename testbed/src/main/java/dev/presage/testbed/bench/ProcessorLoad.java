package dev.presage.testbed.bench;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Asks an external processor as Envoy would. */
final class ProcessorLoad implements LoadClient {
    private final ProcessorClient client;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;

    ProcessorLoad(ProcessorClient client, LongSupplier nanoClock, RandomGenerator random) {
        this.client = client;
        this.nanoClock = nanoClock;
        this.random = random;
    }

    @Override
    public LoadCount run(int bodyBytes, LoadShape shape, Duration window) throws InterruptedException {
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

    @Override
    public void close() {
        client.close();
    }
}
