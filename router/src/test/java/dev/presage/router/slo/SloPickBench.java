package dev.presage.router.slo;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.eject.Rotation;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.observe.EndCause;
import dev.presage.router.pick.Ladder;
import dev.presage.router.predict.Aim;
import dev.presage.router.predict.TestModels;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * CPU time of a whole pick and its accounting, without SLOs and with 10,000, in turns within one run. Requests name one of
 * 10,000 tenants and ask for 4,096 tokens; 8 endpoints; a small model decides. After {@code mvn -pl router -am test-compile}:
 * {@code java -cp <test class path> dev.presage.router.slo.SloPickBench}.
 */
final class SloPickBench {
    private static final int TENANTS = 10_000;
    private static final int PICKS = 100_000;
    private static final int ROUNDS = 11;

    private final InferenceRequest[] requests = new InferenceRequest[TENANTS];

    private SloPickBench() {
        long[] blocks = LongStream.range(0, 64).toArray();
        for (int i = 0; i < TENANTS; i++) {
            requests[i] = new InferenceRequest(
                    "r" + i,
                    "c",
                    "m",
                    "m",
                    Api.CHAT,
                    4_096,
                    blocks,
                    100,
                    true,
                    0,
                    Map.of("x-llm-d-inference-fairness-id", "tenant-" + i, ":path", "/v1/chat/completions"));
        }
    }

    public static void main(String[] args) {
        SloPickBench bench = new SloPickBench();
        int[] counts = {0, 1, TENANTS};
        double[][] nanos = new double[counts.length][ROUNDS];
        EndpointPicker[] pickers =
                Arrays.stream(counts).mapToObj(SloPickBench::picker).toArray(EndpointPicker[]::new);
        for (int round = -4; round < ROUNDS; round++) {
            for (int i = 0; i < counts.length; i++) {
                double took = bench.round(pickers[i]);
                if (round >= 0) {
                    nanos[i][round] = took;
                }
            }
        }
        for (int i = 0; i < counts.length; i++) {
            double[] ratios = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                ratios[round] = nanos[i][round] / nanos[1][round];
            }
            Arrays.sort(nanos[i]);
            Arrays.sort(ratios);
            System.out.printf(
                    "%6d SLOs: %.0f ns a pick, %.3f of that with one (%.3f to %.3f)%n",
                    counts[i], nanos[i][ROUNDS / 2], ratios[ROUNDS / 2], ratios[0], ratios[ROUNDS - 1]);
        }
    }

    private double round(EndpointPicker picker) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < PICKS; i++) {
            if (picker.route(requests[i * 7 % TENANTS], endpoint -> true) instanceof Routing.Started started) {
                started.exchange().responseStarted(200, true);
                started.exchange().streamedTokens(1, System.nanoTime());
                started.exchange().end(EndCause.COMPLETED);
            }
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / (double) PICKS;
    }

    private static EndpointPicker picker(int slos) {
        SloBook book = new SloBook("chat", InstantSource.system(), Aim.NONE);
        List<LatencySlo> all = new ArrayList<>();
        IntStream.range(0, slos)
                .forEach(i -> all.add(Slos.of("slo-" + i, new SloSelector("", "", "", "tenant-" + i, Map.of()))));
        book.replace("bench", all);
        List<Endpoint> endpoints = IntStream.range(0, 8)
                .mapToObj(i -> new Endpoint("b/pod-" + i + "-rank-0", "10.0.0." + (i + 1), 8000, Map.of()))
                .toList();
        Fleet fleet = new Fleet();
        fleet.replace(endpoints);
        Random random = new Random(1);
        EndpointPicker picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 20),
                new SloGate(book, Ladder.DEFAULT),
                List.of(book),
                System::nanoTime,
                () -> TestModels.TRAINED_AT,
                () -> random,
                Duration.ofSeconds(2),
                Rotation.ALL,
                book::aim);
        picker.serve(TestModels.work());
        return picker;
    }
}
