package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.window.TrainingWindow;
import dev.presage.pipeline.window.WindowLimits;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.pick.Ladder;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.promotion.Promoter;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.PublishOutcome;
import dev.presage.testbed.trace.Trace;
import dev.presage.testbed.trace.TraceRequest;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.service.Bundler;
import dev.presage.trainer.service.LearningLoop;
import dev.presage.trainer.service.RetrainPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models trained on the lab's traffic, judged beside a champion on more of it, by a real store with an automatic policy: what is worse is
 * stopped in shadow, never having chosen; after a drift the retrained one passes and errs less.
 */
class GatesIT {
    private static final BundleReader READER = new BundleReader(TrustPolicy.anyone());
    private static final List<TraceRequest> TRACE = Trace.mooncakeConversation();
    private static final int REQUESTS = 2_400;
    private static final String FLEET = "2*h100-llama-2-70b-hf-tp8,2*a100-llama-2-70b-hf-tp4";

    /** Where the router has never met half of the machines. */
    private static final String OTHER_FLEET = "4*a100-llama-2-70b-hf-tp4";

    /** The faster half of the fleet computes three times slower: throttled, or shared with somebody. */
    private static final List<Incident> DRIFT = List.of(new Incident.Slow(0, 3, 0), new Incident.Slow(1, 3, 0));

    @TempDir
    Path root;

    private DirectoryRegistry registry;
    private Promoter promoter;
    private int published;

    @BeforeEach
    void open() throws IOException {
        registry = DirectoryRegistry.open(root, READER, 50, () -> Instant.EPOCH);
        Files.createDirectories(root.resolve("policies"));
        Files.write(
                root.resolve("policies/" + LabSamples.POOL + ".yaml"),
                List.of("mode: automatic", "shadow_samples: 1000", "canary_samples: 0", "cool_down_seconds: 0"));
        PolicyFiles policies = new PolicyFiles(root.resolve("policies"));
        promoter = new Promoter(LabSamples.POOL, registry, policies, READER, () -> Instant.EPOCH, changed -> {});
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    @Test
    void whatIsWorseIsStoppedInShadow() throws IOException {
        List<Sample> history = history(FLEET);
        BundleArchive champion = publish(history);
        promoter.step();
        stopped("labels shuffled", champion, publish(shuffled(history)));
        stopped("trained on another fleet", champion, publish(history(OTHER_FLEET)));
    }

    @Test
    void afterADriftTheRetrainedPassesAndErrsLess() throws IOException {
        BundleArchive champion = publish(history(FLEET));
        promoter.step();
        List<Sample> since = new ArrayList<>();
        traffic(1, DRIFT, champion, null, since::add);
        traffic(2, DRIFT, champion, null, since::add);
        BundleArchive retrained = publish(since);
        promoter.step();
        traffic(3, DRIFT, champion, retrained, this::judge);
        assertEquals(retrained.id(), registry.pool(LabSamples.POOL).aliases().get(Alias.CHAMPION), this::lastReason);
        PolicyResult before = traffic(4, DRIFT, champion, null, sample -> {});
        PolicyResult after = traffic(4, DRIFT, retrained, null, sample -> {});
        System.out.printf(
                "after the drift: %s%n  champion of before: TTFT error %.1f %%, mean TTFT %.0f ms, p95 %.0f ms%n"
                        + "  retrained:          TTFT error %.1f %%, mean TTFT %.0f ms, p95 %.0f ms%n",
                registry.audit(LabSamples.POOL, 1).getFirst().evidence().get("gate better"),
                100 * before.ttftError(),
                before.ttftMs().mean(),
                before.ttftMs().p95(),
                100 * after.ttftError(),
                after.ttftMs().mean(),
                after.ttftMs().p95());
        assertTrue(after.ttftError() < before.ttftError());
        // The router corrects slowed endpoints by itself: retraining takes the error away and leaves the wait what it
        // was.
        assertTrue(after.ttftMs().mean() < 1.02 * before.ttftMs().mean());
        LabPolicy without =
                new LabPolicy.Served("uncorrected", Ablation.named("correction").of(Ladder.DEFAULT));
        PolicyResult uncorrected = run(4, FLEET, without, DRIFT, champion, null, sample -> {});
        System.out.printf(
                "  champion of before, no endpoint corrected: mean TTFT %.0f ms%n",
                uncorrected.ttftMs().mean());
        assertTrue(after.ttftMs().mean() < uncorrected.ttftMs().mean());
    }

    private void stopped(String what, BundleArchive champion, BundleArchive worse) throws IOException {
        promoter.step();
        traffic(1, List.of(), champion, worse, this::judge);
        assertEquals(
                LifecycleState.REJECTED,
                registry.pool(LabSamples.POOL).version(worse.id()).orElseThrow().state());
        assertEquals(champion.id(), registry.pool(LabSamples.POOL).aliases().get(Alias.CHAMPION));
        System.out.println(what + ": " + lastReason());
    }

    private void judge(Sample sample) {
        promoter.offer(sample);
        try {
            if (sample.getRequestId().hashCode() % 100 == 0) {
                promoter.step();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String lastReason() {
        try {
            return registry.audit(LabSamples.POOL, 1).getFirst().reason();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Traffic before there was a model. */
    private static List<Sample> history(String fleet) {
        List<Sample> samples = new ArrayList<>();
        run(0, fleet, LabPolicy.named("lmetric"), List.of(), null, null, samples::add);
        return samples;
    }

    private static PolicyResult traffic(
            int part,
            List<Incident> incidents,
            BundleArchive champion,
            @Nullable BundleArchive challenger,
            Consumer<Sample> sink) {
        LabPolicy served = new LabPolicy.Served("served", Ladder.DEFAULT);
        return run(part, FLEET, served, incidents, champion, challenger, sink);
    }

    /** One part of the trace. */
    private static PolicyResult run(
            int part,
            String fleet,
            LabPolicy policy,
            List<Incident> incidents,
            @Nullable BundleArchive champion,
            @Nullable BundleArchive challenger,
            Consumer<Sample> sink) {
        LabRun run = new LabRun(
                FleetSpec.parse(fleet),
                policy,
                // What is left of a slowed fleet takes half of the traffic.
                new LabSettings(
                        REQUESTS, REQUESTS / 10, incidents.isEmpty() ? 0.5 : 0.25, 7 + part, true, 1, incidents),
                List.of(new RoutingListener() {
                    @Override
                    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
                        // Samples are made at the end.
                    }

                    @Override
                    public void ended(Outcome outcome) {
                        LabSamples.of(outcome).ifPresent(sink);
                    }
                }));
        run.picker().serve(champion == null ? null : model(champion));
        run.picker().challenge(challenger == null ? null : model(challenger));
        return run.run(TRACE.subList(part * REQUESTS, (part + 1) * REQUESTS));
    }

    private static ServingModel model(BundleArchive archive) {
        VerifiedBundle bundle = (VerifiedBundle) READER.verify(archive.bytes());
        return new ServingModel(bundle.id().value(), bundle.predictor(), Instant.EPOCH);
    }

    private BundleArchive publish(List<Sample> samples) throws IOException {
        LearningLoop loop = new LearningLoop(
                new TrainingWindow(WindowLimits.DEFAULT),
                new PredictorTrainer(TrainerSettings.DEFAULT.withSeed(++published)),
                RetrainPolicy.DEFAULT);
        samples.forEach(loop::offer);
        LearningLoop.Training training = loop.trainIfDue(0).orElseThrow();
        BundleArchive archive = new Bundler(BundleWriter.unsigned(), LabSamples.POOL, "lab")
                .bundle(
                        training.predictor(),
                        training.samples(),
                        new dev.presage.store.bundle.TrainingWindow(
                                List.of(),
                                training.fromMs(),
                                training.toMs(),
                                training.samples().size()),
                        registry.pool(LabSamples.POOL).aliases().get(Alias.CHAMPION),
                        published);
        assertInstanceOf(PublishOutcome.Published.class, registry.publish(LabSamples.POOL, archive.bytes(), "lab"));
        return archive;
    }

    /** What was measured, at other requests. */
    private static List<Sample> shuffled(List<Sample> samples) {
        List<Sample> measured = new ArrayList<>(samples);
        Collections.shuffle(measured, new Random(4));
        List<Sample> shuffled = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample other = measured.get(i);
            shuffled.add(samples.get(i).toBuilder()
                    .setTtftMs(other.getTtftMs())
                    .setTpotMs(other.getTpotMs())
                    .build());
        }
        return shuffled;
    }
}
