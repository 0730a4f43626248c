package dev.presage.testbed.bench;

import com.google.protobuf.ByteString;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.LearnedPolicy;
import dev.presage.router.pick.Objective;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.EndpointResiduals;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.prefix.PrefixIndex;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.Reading;
import dev.presage.router.request.RequestReader;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Predictor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The parts of one decision over a busy fleet, with the full-size model of {@link BenchModel}. Requests and the state of the
 * fleet differ from call to call, so that branches are not learned by heart.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class PickBenchmark {
    private static final int ROUNDS = 64;
    private static final int BODY_BYTES = 16 * 1024;
    private static final long NOW = 1_000_000_000_000L;
    private static final long MAX_AGE = 5_000_000_000L;

    @Param({"8", "64", "1024"})
    public int endpoints;

    private final SplittableRandom random = new SplittableRandom(1);
    private final EndpointResiduals residuals = new EndpointResiduals();
    private final Predictions predictions = new Predictions();
    private Fleet fleet;
    private PrefixIndex prefixes;
    private LearnedPolicy policy;
    private List<InferenceRequest> requests;
    private List<CandidateMatrix> rounds;
    private int[] classes;
    private int turn;

    @Setup
    public void prepare() {
        Predictor predictor = Predictor.compile(BenchModel.train(BenchModel.samples(ProcessorClient.FIRST_TOKEN_MS, 1))
                .compiled());
        policy = new LearnedPolicy(
                new ServingModel("bench", predictor, Instant.EPOCH), Objective.OWN_LATENCY, Exploration.DEFAULT);
        List<Endpoint> known = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            String kind = SyntheticSamples.CLASSES[i % SyntheticSamples.CLASSES.length];
            known.add(new Endpoint("e" + i, "127.0.0.1", 1_024 + i, Map.of("presage.dev/class", kind)));
        }
        fleet = new Fleet();
        fleet.replace(known);
        prefixes = new ApproximatePrefixIndex(1_000_000);
        classes = known.stream()
                .mapToInt(endpoint -> predictor.classIndex(endpoint.endpointClass()))
                .toArray();
        requests = new ArrayList<>();
        rounds = new ArrayList<>();
        Prompts prompts = new Prompts(BODY_BYTES, true, 1);
        for (int i = 0; i < ROUNDS; i++) {
            InferenceRequest request = request(prompts.next());
            requests.add(request);
            for (int j = 0; j < Math.max(1, endpoints / 4); j++) {
                busy(known.get(random.nextInt(endpoints)), request);
            }
            rounds.add(candidates(request));
        }
    }

    private static InferenceRequest request(List<ByteString> body) {
        RequestReader reader = RequestReader.ofPath("/v1/chat/completions");
        body.forEach(chunk -> reader.feed(chunk.asReadOnlyByteBuffer()));
        return switch (reader.finish("id", "", List.of())) {
            case Reading.Understood understood -> understood.request();
            case Reading.Unnamed unnamed -> unnamed.request();
            case Reading.Refused refused -> throw new IllegalStateException(refused.message());
        };
    }

    private void busy(Endpoint endpoint, InferenceRequest request) {
        prefixes.sent(endpoint, request.prefixBlocks());
        prefixes.ended(endpoint, request.prefixBlocks(), 0);
        Objects.requireNonNull(fleet.twin(endpoint)).dispatch(request.promptTokens(), 0, NOW - random.nextInt(1 << 20));
        fleet.signals(
                endpoint.id(),
                new EngineSignals(
                        random.nextInt(20),
                        random.nextInt(80),
                        random.nextDouble(),
                        16,
                        50_000,
                        Set.of(),
                        NOW - random.nextInt(1 << 28)));
    }

    private CandidateMatrix candidates(InferenceRequest request) {
        return CandidateMatrix.of(request, fleet.snapshot(), prefixes, residuals, NOW, MAX_AGE);
    }

    private int next() {
        return turn++ & (ROUNDS - 1);
    }

    /** The fleet's state, prefix matches and feature rows. */
    @Benchmark
    public CandidateMatrix matrix() {
        return candidates(requests.get(next()));
    }

    /** Both targets of all candidates. */
    @Benchmark
    public Predictions predict() {
        policy.model().predictor().predict(rounds.get(next()).rows(), classes, endpoints, predictions);
        return predictions;
    }

    /** Predictions, costs and the choice. */
    @Benchmark
    public Choice choose() {
        return policy.choose(rounds.get(next()), random);
    }
}
