package dev.presage.trainer.service;

import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleWriter;
import dev.presage.store.bundle.TrainingWindow;
import dev.presage.store.predict.Target;
import dev.presage.trainer.learn.PredictorTrainer;
import dev.presage.trainer.learn.SyntheticFleet;
import dev.presage.trainer.learn.TrainerSettings;
import dev.presage.trainer.learn.TrainingSet;
import java.util.ArrayList;
import java.util.List;

/** What the synthetic fleet's requests leave in the log, one each 10 ms; and champions that learned from it. */
final class Traffic {
    static final String POOL = "chat";

    private final SyntheticFleet fleet;
    private long nowMs;

    Traffic(long seed, long fromMs) {
        fleet = new SyntheticFleet(seed, 0.15);
        nowMs = fromMs;
    }

    long nowMs() {
        return nowMs;
    }

    /** @param slower how many times as long everything takes */
    List<Sample> samples(int count, double slower) {
        TrainingSet set = fleet.samples(count);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nowMs += 10;
            Sample.Builder sample = Sample.newBuilder()
                    .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                    .setPool(POOL)
                    .setFeatureSchema(FeatureSchema.HASH)
                    .setEndpointClass(set.endpointClass(i))
                    .setEndpoint(set.endpointClass(i))
                    .setEndedAtMs(nowMs)
                    .setTtftMs(slower * set.outcome(i, Target.TTFT))
                    .setTpotMs(slower * set.outcome(i, Target.TPOT));
            for (float value : set.row(i)) {
                sample.addFeatures(value);
            }
            samples.add(sample.build());
        }
        return samples;
    }

    /** A bundle of the fleet as it is, learned from so many samples that ended until {@code untilMs}. */
    static BundleArchive champion(BundleWriter writer, String pool, int samples, long untilMs) {
        TrainingSet set = new SyntheticFleet(1, 0.15).samples(samples);
        return new Bundler(writer, pool, "test")
                .bundle(
                        new PredictorTrainer(TrainerSettings.DEFAULT).train(set).orElseThrow(),
                        set,
                        new TrainingWindow(List.of(), 0, untilMs, samples),
                        null,
                        untilMs);
    }
}
