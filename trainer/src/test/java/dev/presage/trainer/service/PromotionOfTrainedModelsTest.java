package dev.presage.trainer.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.Sample;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.ShadowReport;
import dev.presage.store.predict.Predictions;
import dev.presage.store.predict.Target;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.promotion.Promoter;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.PublishOutcome;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.SyntheticFleet;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.learn.TrainingSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real trainings, real bundles, a real store with an automatic policy: what is worse is stopped in shadow, what is better gets through. */
class PromotionOfTrainedModelsTest {
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());
    private static final double NOISE = 0.15;

    @TempDir
    Path root;

    private DirectoryRegistry registry;
    private Promoter promoter;

    @BeforeEach
    void open() throws IOException {
        registry = DirectoryRegistry.open(root, READER, 50, () -> Instant.ofEpochMilli(1));
        Files.createDirectories(root.resolve("policies"));
        Files.write(
                root.resolve("policies/chat.yaml"),
                List.of("mode: automatic", "shadow_samples: 1000", "canary_samples: 0", "cool_down_seconds: 0"));
        promoter = new Promoter(
                "chat",
                registry,
                new PolicyFiles(root.resolve("policies")),
                READER,
                () -> Instant.ofEpochMilli(1),
                changed -> {});
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    @Test
    void aModelOfShuffledLabelsIsStopped() throws IOException {
        BundleArchive champion = champion();
        BundleArchive shuffled = publish(shuffled(new SyntheticFleet(2, NOISE).samples(1_500)), 2);
        judge(champion, shuffled, new SyntheticFleet(3, NOISE).samples(1_000));
        assertStopped(champion, shuffled);
    }

    @Test
    void aModelOfAnotherFleetIsStopped() throws IOException {
        BundleArchive champion = champion();
        // There, the classes of the same names are the other way round.
        TrainingSet here = new SyntheticFleet(2, NOISE).samples(1_500);
        BundleArchive foreign = publish(mapped(here, name -> name.equals("fast") ? "slow" : "fast", 1), 2);
        judge(champion, foreign, new SyntheticFleet(3, NOISE).samples(1_000));
        assertStopped(champion, foreign);
    }

    @Test
    void afterADriftTheModelOfTheNewDataPasses() throws IOException {
        BundleArchive champion = champion();
        BundleArchive retrained = publish(slowed(new SyntheticFleet(2, NOISE).samples(1_500)), 2);
        judge(champion, retrained, slowed(new SyntheticFleet(3, NOISE).samples(1_000)));
        assertEquals(retrained.id(), registry.pool("chat").aliases().get(Alias.CHAMPION), this::lastReason);
        ShadowReport.Comparison all =
                report(retrained.id()).overall(Target.TTFT).orElseThrow();
        System.out.printf(
                "after a drift of 1.8: TTFT error of the champion %.3f, of the retrained %.3f%n",
                all.champion().error(), all.challenger().error());
        assertTrue(all.challenger().error() < all.champion().error() / 2);
    }

    private void assertStopped(BundleArchive champion, BundleArchive stopped) throws IOException {
        assertEquals(
                LifecycleState.REJECTED,
                registry.pool("chat").version(stopped.id()).orElseThrow().state());
        assertEquals(champion.id(), registry.pool("chat").aliases().get(Alias.CHAMPION));
        assertTrue(lastReason().contains("gate better fails"), lastReason());
        System.out.println("stopped: " + lastReason());
    }

    private String lastReason() {
        try {
            return registry.audit("chat", 1).getFirst().reason();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ShadowReport report(BundleId bundle) throws IOException {
        return registry.evidence("chat", bundle, EvidenceKind.SHADOW)
                .orElseThrow()
                .as(ShadowReport.class);
    }

    private BundleArchive champion() throws IOException {
        BundleArchive first = publish(new SyntheticFleet(1, NOISE).samples(1_500), 1);
        promoter.step();
        assertEquals(first.id(), registry.pool("chat").aliases().get(Alias.CHAMPION));
        return first;
    }

    private BundleArchive publish(TrainingSet data, long seed) throws IOException {
        BundleArchive archive = new Bundler(BundleWriter.unsigned(), "chat", "test")
                .bundle(
                        new PredictorTrainer(TrainerSettings.DEFAULT.withSeed(seed))
                                .train(data)
                                .orElseThrow(),
                        data,
                        new TrainingWindow(List.of(), 0, 1, data.size()),
                        null,
                        seed);
        assertInstanceOf(PublishOutcome.Published.class, registry.publish("chat", archive.bytes(), "test"));
        return archive;
    }

    /** The traffic that both see: the champion decides, the challenger shadows. */
    private void judge(BundleArchive champion, BundleArchive challenger, TrainingSet traffic) throws IOException {
        promoter.step();
        VerifiedBundle decides = (VerifiedBundle) READER.verify(champion.bytes());
        VerifiedBundle shadows = (VerifiedBundle) READER.verify(challenger.bytes());
        for (int i = 0; i < traffic.size(); i++) {
            Sample.Builder sample = Sample.newBuilder()
                    .setPool("chat")
                    .setDecidedAtMs(i)
                    .setEndpointClass(traffic.endpointClass(i))
                    .setTtftMs(traffic.outcome(i, Target.TTFT))
                    .setBundleId(champion.id().value())
                    .addAllTtftQuantilesMs(quantiles(decides, traffic, i))
                    .setShadowBundleId(challenger.id().value())
                    .addAllShadowTtftQuantilesMs(quantiles(shadows, traffic, i));
            for (float value : traffic.row(i)) {
                sample.addFeatures(value);
            }
            promoter.offer(sample.build());
        }
        promoter.step();
    }

    private static List<Float> quantiles(VerifiedBundle bundle, TrainingSet traffic, int i) {
        int known = bundle.predictor().classIndex(traffic.endpointClass(i));
        Predictions said = new Predictions();
        bundle.predictor().predict(traffic.row(i), new int[] {known}, 1, said);
        List<Float> quantiles = new ArrayList<>();
        for (float quantile : said.quantilesMs(Target.TTFT, 0)) {
            quantiles.add(quantile);
        }
        return quantiles;
    }

    private static TrainingSet slowed(TrainingSet data) {
        return mapped(data, name -> name, 1.8);
    }

    private static TrainingSet mapped(TrainingSet data, UnaryOperator<String> classes, double factor) {
        TrainingSet set = new TrainingSet();
        for (int i = 0; i < data.size(); i++) {
            set.add(
                    data.row(i),
                    classes.apply(data.endpointClass(i)),
                    factor * data.outcome(i, Target.TTFT),
                    data.outcome(i, Target.TPOT));
        }
        return set;
    }

    private static TrainingSet shuffled(TrainingSet data) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(4));
        TrainingSet set = new TrainingSet();
        for (int i = 0; i < data.size(); i++) {
            int other = order.get(i);
            set.add(
                    data.row(i),
                    data.endpointClass(i),
                    data.outcome(other, Target.TTFT),
                    data.outcome(other, Target.TPOT));
        }
        return set;
    }
}
