package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.cli.Presage;
import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.eventlog.LogConsumer;
import dev.presage.pipeline.eventlog.LogPosition;
import dev.presage.pipeline.eventlog.SampleLog;
import dev.presage.pipeline.eventlog.StartFrom;
import dev.presage.pipeline.join.JoinListener;
import dev.presage.pipeline.join.JoinSettings;
import dev.presage.pipeline.join.SampleJoin;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.kafka.EventLog;
import dev.presage.router.kafka.EventLogListener;
import dev.presage.router.kafka.EventLogSettings;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Ladder;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.testbed.trace.Trace;
import dev.presage.testbed.trace.TraceRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a router logged, joined to samples, is written as a trace by {@code lab-trace}, and {@code lab} replays that. */
class LoggedTraceIT {
    private static final String POOL = "chat";
    private static final int REQUESTS = 40;
    private static final int GAP_MS = 250;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path root;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private long millis = System.currentTimeMillis();

    @Test
    void theLabReplaysWhatARouterLogged() throws Exception {
        Path file = root.resolve("trace.jsonl");
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(root.resolve("kafka"), 0))) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            TopicCreator.createMissing(kafka, TIMEOUT);
            log(kafka);
            String[] trace = {"lab-trace", "--bootstrap-servers=" + broker.bootstrapServers(), "--output=" + file};
            assertEquals(1, presage(trace, "--pool=nobody"));
            assertTrue(err.toString().contains("no completed request of pool 'nobody' in the log"), err.toString());
            assertEquals(0, presage(trace, "--pool=" + POOL), err::toString);
            assertTrue(err.toString().contains("40 requests over 10 s"), err.toString());
        }
        List<TraceRequest> trace = Trace.mooncake(file);
        assertEquals(REQUESTS, trace.size());
        TraceRequest second = trace.get(1);
        assertEquals(GAP_MS, second.arrivalMs());
        assertEquals(1_536, second.promptTokens());
        assertEquals(20, second.outputTokens());
        assertArrayEquals(
                trace.getFirst().hashIds(), Arrays.copyOf(second.hashIds(), 2), "1,024 of its tokens were cached");
        String[] lab = {"lab", "--trace=" + file, "--policies=lmetric", "--fleet=2*h100-llama-2-70b-hf-tp8"};
        assertEquals(0, presage(lab, "--warmup=0", "--output=csv"), err::toString);
        String[] row = out.toString().lines().skip(1).findFirst().orElseThrow().split(",");
        assertEquals(List.of("lmetric", "" + REQUESTS), List.of(row[0], row[1]));
        assertEquals(0.4, Double.parseDouble(row[11]), 0.01, "of 2,560 tokens in two turns 1,024");
    }

    /** Logs traffic and waits until the join has made samples of it. */
    private void log(KafkaConnection kafka) throws InterruptedException {
        CountDownLatch samples = new CountDownLatch(REQUESTS);
        LogConsumer<Sample> counting = new LogConsumer<>() {
            @Override
            public void onRecord(Sample sample, LogPosition position) {
                samples.countDown();
            }
        };
        JoinSettings join = JoinSettings.in(root.resolve("join")).withStore(JoinSettings.Store.MEMORY);
        EventLogSettings settings = EventLogSettings.of("router-1", POOL, root.resolve("spool"));
        try (SampleJoin joining = SampleJoin.start(kafka, join, JoinListener.NONE);
                SampleLog log = SampleLog.follow(kafka, POOL, StartFrom.last(REQUESTS), counting)) {
            try (EventLog events = EventLog.start(settings, kafka, System::nanoTime, EventLogListener.NONE)) {
                traffic(events);
            }
            assertTrue(samples.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS), samples.getCount() + " samples missing");
        }
    }

    /** Conversations of two turns, one after the other, at one endpoint. */
    private void traffic(EventLog events) {
        Fleet fleet = new Fleet();
        fleet.replace(List.of(new Endpoint("default/pod-0-rank-0", "10.0.0.1", 8000, Map.of())));
        EndpointPicker picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 16),
                Ladder.DEFAULT,
                List.of(events),
                () -> millis * 1_000_000,
                () -> Instant.ofEpochMilli(millis),
                () -> new Random(1),
                Duration.ofSeconds(1));
        for (int i = 0; i < REQUESTS; i++) {
            int cached = i % 2 == 0 ? 0 : 1_024;
            int prompt = i % 2 == 0 ? 1_024 : 1_536;
            InferenceRequest request = new InferenceRequest(
                    "r" + i, "client", "m", "m", Api.CHAT, prompt, new long[] {i / 2}, 20, true, 0, Map.of());
            if (!(picker.route(request, endpoint -> true) instanceof Routing.Started started)) {
                throw new AssertionError("refused");
            }
            started.exchange().responseStarted(200, true);
            started.exchange().streamedTokens(20, (millis + 100) * 1_000_000);
            started.exchange().usage(new Usage(prompt, cached, 20));
            started.exchange().end(EndCause.COMPLETED);
            millis += GAP_MS;
        }
    }

    private int presage(String[] command, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine presage = Presage.commandLine();
        presage.setOut(new PrintWriter(out, true));
        presage.setErr(new PrintWriter(err, true));
        String[] arguments = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, arguments, command.length, more.length);
        return presage.execute(arguments);
    }
}
