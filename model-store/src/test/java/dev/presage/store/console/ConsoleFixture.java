package dev.presage.store.console;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.HoldBefore;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrainerRun;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.evidence.Interval;
import dev.presage.store.evidence.OffPolicyReport;
import dev.presage.store.evidence.ShadowReport;
import dev.presage.store.predict.Target;
import dev.presage.store.promotion.GovernedRegistry;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AttachRequest;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.EvidenceReport;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.service.AliasListener;
import dev.presage.store.service.StoreAccess;
import dev.presage.store.service.StoreServer;
import dev.presage.store.service.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A store with its console, in which a champion serves, one was there before and a challenger is being judged. */
final class ConsoleFixture implements AutoCloseable {
    static final String POOL = "chat";
    static final String OPERATOR = "0123456789abcdef-operator";
    static final String VIEWER = "0123456789abcdef-viewer";

    final BundleArchive previous;
    final BundleArchive champion;
    final BundleArchive challenger;
    final DirectoryRegistry registry;
    final StoreServer server;

    private final RecentRequests requests;
    private final Routers routers;

    private ConsoleFixture(Path root, StoreAccess access, RecentRequests requests, Routers routers, InstantSource clock)
            throws IOException {
        BundleReader reader = new BundleReader(TrustPolicy.anyone());
        this.requests = requests;
        this.routers = routers;
        registry = DirectoryRegistry.open(root, reader, 50, clock);
        previous = archive(1, null, clock.millis() - 7_200_000);
        champion = archive(2, previous.id(), clock.millis() - 3_600_000);
        challenger = archive(3, champion.id(), clock.millis() - 600_000);
        for (BundleArchive archive : List.of(previous, champion, challenger)) {
            registry.publish(POOL, archive.bytes(), "presage trainer");
        }
        registry.change(move(Alias.CHAMPION, previous.id(), 0));
        registry.change(move(Alias.CHAMPION, champion.id(), 1));
        registry.change(move(Alias.CHALLENGER, challenger.id(), 2));
        attach(EvidenceKind.SHADOW, EvidenceReport.of(shadow(clock.millis())));
        attach(EvidenceKind.OFF_POLICY, EvidenceReport.of(offPolicy()));
        attach(EvidenceKind.LAB, new EvidenceReport("{\"trace\":\"mooncake-conversation\",\"ttft_p95_ms\":4210}"));
        ModelRegistry governed =
                new GovernedRegistry(registry, new PolicyFiles(root.resolve("policies")), reader, clock);
        server = StoreServer.start(
                StoreSettings.loopback(0, access),
                governed,
                AliasListener.NONE,
                clock,
                Console.pages(governed, reader, requests, routers, access, clock));
    }

    static ConsoleFixture open(Path root, StoreAccess access, RecentRequests requests, Routers routers)
            throws IOException {
        return new ConsoleFixture(root, access, requests, routers, InstantSource.system());
    }

    /** Without a log and without routers. */
    static ConsoleFixture open(Path root, StoreAccess access) throws IOException {
        return open(root, access, RecentRequests.none(), new Routers(List.of(), Optional.empty()));
    }

    static StoreAccess tokens() {
        return new StoreAccess.Tokens(OPERATOR, Optional.of(VIEWER));
    }

    private static BundleArchive archive(int number, @Nullable BundleId parent, long createdAtMs) {
        return BundleWriter.unsigned()
                .write(
                        card(number, parent, createdAtMs),
                        SampleBundles.predictor(number),
                        SampleBundles.golden(number),
                        Map.of());
    }

    private static ModelCard card(int number, @Nullable BundleId parent, long createdAtMs) {
        List<ModelMetrics.Slice> slices = new ArrayList<>();
        List<String> names =
                List.of("class=h100", "class=a100", "load=low", "load=high", "prompt=short", "prompt=long");
        for (int i = 0; i < names.size(); i++) {
            slices.add(
                    new ModelMetrics.Slice(names.get(i), accuracy(100 + 20 * i, 0.03 + i * 0.01), accuracy(90, 0.02)));
        }
        return new ModelCard(
                parent,
                POOL,
                new TrainingWindow(
                        List.of(new TrainingWindow.Range("presage.samples.v1", 0, 4_000, 9_500 + number)),
                        createdAtMs - 600_000,
                        createdAtMs - 1_000,
                        5_500),
                new TrainerRun(
                        Map.of("trees", "200", "depth", "6", "learning-rate", "0." + number),
                        number,
                        "XGBoostRegressionTrainer(numTrees=200,maxDepth=6,...)"),
                new ModelMetrics(
                        new ModelMetrics.Slice("all", accuracy(960, 0.052 - number * 0.004), accuracy(940, 0.021)),
                        slices),
                List.of(
                        new ModelCard.Importance(Target.TTFT, "uncached_tokens", 0.51),
                        new ModelCard.Importance(Target.TTFT, "pending_tokens", 0.32),
                        new ModelCard.Importance(Target.TPOT, "decoding_context", 0.44),
                        new ModelCard.Importance(Target.TPOT, "decoding_requests", 0.29)),
                "presage trainer",
                createdAtMs);
    }

    private static ModelMetrics.Accuracy accuracy(long count, double error) {
        return new ModelMetrics.Accuracy(count, error, 0.9 * error, 1.1 * error, List.of(0.49, 0.885), 12.5);
    }

    private ShadowReport shadow(long nowMs) {
        ShadowReport.Side one = new ShadowReport.Side(0.12, List.of(0.5, 0.9), List.of(0.49, 0.88));
        ShadowReport.Side other = new ShadowReport.Side(0.10, List.of(0.5, 0.9), List.of(0.51, 0.89));
        return new ShadowReport(
                champion.id(),
                challenger.id(),
                1_200,
                0.93,
                nowMs - 500_000,
                nowMs,
                List.of(new ShadowReport.Comparison(
                        ShadowReport.ALL, Target.TTFT, 1_200, one, other, new Interval(0.16, 0.11, 0.21))));
    }

    private OffPolicyReport offPolicy() {
        Interval interval = new Interval(180, 172, 188);
        return new OffPolicyReport(challenger.id(), 1_200, 640, 0.91, "", interval, interval, interval, interval);
    }

    private void attach(EvidenceKind kind, EvidenceReport report) throws IOException {
        registry.change(new AttachRequest(POOL, challenger.id(), kind, report, "promotion policy", "report"));
    }

    private static MoveRequest move(Alias alias, BundleId bundle, long revision) {
        return new MoveRequest(POOL, alias, bundle, revision, "ann", "first of its kind", Map.of());
    }

    /** Requests of the last minutes, one in ten fallen back; the newest has no outcome yet. */
    static void traffic(
            int count,
            BundleId bundle,
            long nowMs,
            java.util.function.Consumer<DecisionEvent> decided,
            java.util.function.Consumer<OutcomeEvent> ended) {
        Random random = new Random(7);
        for (int i = 0; i < count; i++) {
            double predicted = Math.exp(4 + random.nextGaussian());
            DecisionEvent decision = decision("req-" + i, bundle, i % 10 == 9, predicted, nowMs - 300L * (count - i));
            decided.accept(decision);
            if (i < count - 1) {
                ended.accept(outcome(decision, predicted * Math.exp(0.15 * random.nextGaussian())));
            }
        }
    }

    private static DecisionEvent decision(String id, BundleId bundle, boolean fellBack, double ttftMs, long atMs) {
        return DecisionEvent.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setRequestId(id)
                .setClientRequestId("client-" + id)
                .setRouterId("router-1")
                .setPool(POOL)
                .setModel("llama-3-8b")
                .setDecidedAtMs(atMs)
                .setPolicy(fellBack ? "lmetric" : "learned")
                .setFallback(fellBack ? "out-of-support" : "")
                .setBundleId(fellBack ? "" : bundle.value())
                .setFeatureSchema(FeatureSchema.HASH)
                .setPropensity(0.97)
                .setHold(HoldBefore.newBuilder()
                        .setWaitedFor("10.0.0.2:8000")
                        .setEnd("freed")
                        .setMs(1_234))
                .setCandidateCount(8)
                .addCandidates(row("10.0.0.1:8000", "h100", fellBack, ttftMs))
                .addCandidates(row("10.0.0.2:8000", "h100", fellBack, ttftMs * 1.4))
                .build();
    }

    private static CandidateRow row(String endpoint, String endpointClass, boolean fellBack, double ttftMs) {
        CandidateRow.Builder row = CandidateRow.newBuilder()
                .setEndpoint(endpoint)
                .setEndpointClass(endpointClass)
                .setCost(ttftMs);
        if (!fellBack) {
            row.addTtftQuantilesMs((float) ttftMs).addTtftQuantilesMs((float) (1.25 * ttftMs));
            row.addTpotQuantilesMs(18).addTpotQuantilesMs(24);
        }
        for (Feature feature : Feature.values()) {
            row.addFeatures(feature == Feature.UNCACHED_TOKENS ? (float) Math.rint(ttftMs * 10) : 0);
        }
        return row.build();
    }

    private static OutcomeEvent outcome(DecisionEvent decision, double ttftMs) {
        return OutcomeEvent.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setRequestId(decision.getRequestId())
                .setPool(POOL)
                .setHttpStatus(200)
                .setCause(EndCause.COMPLETED)
                .setServedEndpoint(decision.getCandidates(0).getEndpoint())
                .setTtftMs(ttftMs)
                .setTpotMs(19.5)
                .setE2EMs(ttftMs + 1_900)
                .build();
    }

    @Override
    public void close() throws IOException {
        server.close();
        registry.close();
        requests.close();
        routers.close();
    }
}
