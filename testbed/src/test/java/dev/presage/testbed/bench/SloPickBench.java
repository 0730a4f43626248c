package dev.presage.testbed.bench;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.eject.Rotation;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.EndCause;
import dev.presage.router.pick.Ladder;
import dev.presage.router.predict.Aim;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.Reading;
import dev.presage.router.request.RequestReader;
import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.LatencyTarget;
import dev.presage.router.slo.OnViolation;
import dev.presage.router.slo.SloBook;
import dev.presage.router.slo.SloGate;
import dev.presage.router.slo.SloSelector;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * CPU time of a pick with one SLO, which every request matches, and with 10,000, one per tenant, in turns within one run: 8
 * endpoints, a model of 300 trees per target, prompts of 4,096 tokens. Requests come from all tenants in turn, so that nothing of a
 * tenant's is in a cache, but for the headers, which are made anew for each as from a gateway's message. Once for the pick alone, once with the request read from its bytes, as a router does for every pick, and
 * once with the reply entered into the books too.
 */
public final class SloPickBench {
    private static final int TENANTS = 10_000;
    private static final int PICKS = 10_000;
    private static final int ROUNDS = 15;
    private static final TrainerSettings SETTINGS = new TrainerSettings(List.of(0.5, 0.9, 0.95), 300, 6, 0.06, 60, 1);

    private static final ByteBuffer BODY = ByteBuffer.wrap(
            ("{\"model\":\"m\",\"stream\":true,\"max_tokens\":100,\"prompt\":\"" + "word".repeat(4_096) + "\"}")
                    .getBytes(StandardCharsets.UTF_8));

    private final InferenceRequest[] requests = new InferenceRequest[TENANTS];
    private final ServingModel model;
    private long nanos;

    private SloPickBench() {
        long[] blocks = LongStream.range(0, 64).toArray();
        for (int i = 0; i < TENANTS; i++) {
            requests[i] = new InferenceRequest("r" + i, "c", "m", "m", Api.CHAT, 4_096, blocks, 100, true, 0, Map.of());
        }
        model = new ServingModel(
                "bench",
                Predictor.compile(new PredictorTrainer(SETTINGS)
                        .train(new SyntheticSamples(1, ProcessorClient.FIRST_TOKEN_MS).draw(4_000))
                        .orElseThrow()
                        .compiled()),
                Instant.now());
    }

    public static void main(String[] arguments) {
        SloPickBench bench = new SloPickBench();
        bench.compare("picked", false, false);
        bench.compare("read and picked", true, false);
        bench.compare("read, picked and entered into the books", true, true);
    }

    private void compare(String what, boolean read, boolean books) {
        EndpointPicker[] pickers = {picker(0, books), picker(1, books), picker(TENANTS, books)};
        String[] names = {"none", "1, of all requests", "10,000, one per tenant"};
        double[][] nanos = new double[pickers.length][ROUNDS];
        for (int round = -5; round < ROUNDS; round++) {
            for (int i = 0; i < pickers.length; i++) {
                double took = round(pickers[i], read);
                if (round >= 0) {
                    nanos[i][round] = took;
                }
            }
        }
        System.out.println(what);
        for (int i = 0; i < pickers.length; i++) {
            print(names[i], nanos[i], nanos[1]);
        }
    }

    private static void print(String name, double[] nanos, double[] withOne) {
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            ratios[round] = nanos[round] / withOne[round];
        }
        Arrays.sort(ratios);
        System.out.printf(
                "%-24s %.1f us, over that with one: %.3f (quartiles %.3f and %.3f)%n",
                name,
                Arrays.stream(nanos).sorted().toArray()[ROUNDS / 2] / 1e3,
                ratios[ROUNDS / 2],
                ratios[ROUNDS / 4],
                ratios[ROUNDS * 3 / 4]);
    }

    private double round(EndpointPicker picker, boolean read) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < PICKS; i++) {
            int tenant = i * 7 % TENANTS;
            InferenceRequest known = requests[tenant];
            InferenceRequest request =
                    (read ? read(known) : known).with(0, Map.of("x-llm-d-inference-fairness-id", "tenant-" + tenant));
            if (!(picker.route(request, endpoint -> true) instanceof Routing.Started started)
                    || !started.decision().choice().policy().equals("learned")) {
                throw new IllegalStateException("the model did not decide");
            }
            started.exchange().responseStarted(200, true);
            Predictions predictions =
                    Objects.requireNonNull(started.decision().choice().predictions());
            // As predicted: a model that is far off would be taken out of service.
            nanos += Math.round(1e6
                    * predictions.locationMs(
                            Target.TTFT, started.decision().choice().candidate()));
            started.exchange().streamedTokens(1, nanos);
            started.exchange().end(EndCause.COMPLETED);
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / (double) PICKS;
    }

    private static InferenceRequest read(InferenceRequest like) {
        RequestReader reader = RequestReader.ofPath("/v1/completions");
        reader.feed(BODY.duplicate());
        if (reader.finish(like.id(), "c", List.of()) instanceof Reading.Understood(InferenceRequest read)) {
            return read;
        }
        throw new IllegalStateException("the request was not understood");
    }

    private EndpointPicker picker(int slos, boolean books) {
        SloBook book = new SloBook("chat", InstantSource.system(), Aim.NONE);
        book.replace(
                "bench",
                IntStream.range(0, slos)
                        .mapToObj(i -> new LatencySlo(
                                "slo-" + i,
                                new SloSelector("", "", "", slos == 1 ? "" : "tenant-" + i, Map.of()),
                                new LatencyTarget(800, 95),
                                new LatencyTarget(50, 95),
                                Duration.ofDays(30),
                                0.995,
                                OnViolation.PREFER,
                                30))
                        .toList());
        Fleet fleet = new Fleet();
        fleet.replace(IntStream.range(0, 8)
                .mapToObj(i -> new Endpoint("b/pod-" + i + "-rank-0", "10.0.0." + (i + 1), 8000, Map.of()))
                .toList());
        fleet.endpoints()
                .forEach(endpoint -> fleet.signals(endpoint.id(), new EngineSignals(0, 1, 0.1, 16, 0, Set.of(), 0)));
        Random random = new Random(1);
        EndpointPicker picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 20),
                new SloGate(book, Ladder.DEFAULT),
                books ? List.of(book) : List.of(),
                () -> nanos,
                InstantSource.system(),
                () -> random,
                Duration.ofDays(10_000),
                Rotation.ALL,
                book::aim);
        picker.serve(model);
        return picker;
    }
}
