package dev.presage.pipeline.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingWindowTest {
    private static Sample sample(String id, int pending, long endedAtMs) {
        List<Float> row = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            row.add(feature == Feature.PENDING_TOKENS ? (float) pending : 1f);
        }
        return Sample.newBuilder()
                .setRequestId(id)
                .setFeatureSchema(FeatureSchema.HASH)
                .addAllFeatures(row)
                .setTtftMs(10)
                .setEndedAtMs(endedAtMs)
                .build();
    }

    private static List<String> ids(TrainingWindow window) {
        return window.samples().stream().map(Sample::getRequestId).toList();
    }

    @Test
    void rareSituationsSurviveCommonOnes() {
        TrainingWindow window = new TrainingWindow(new WindowLimits(2, 10, Duration.ofHours(1)));
        window.offer(sample("rare", 100_000, 1));
        for (int i = 0; i < 5; i++) {
            window.offer(sample("common" + i, 0, 2 + i));
        }
        assertEquals(List.of("rare", "common3", "common4"), ids(window));
    }

    @Test
    void theTotalDropsTheOldestWhereverItLies() {
        TrainingWindow window = new TrainingWindow(new WindowLimits(2, 3, Duration.ofHours(1)));
        window.offer(sample("a", 0, 1));
        window.offer(sample("b", 5_000, 2));
        window.offer(sample("c", 20_000, 3));
        window.offer(sample("d", 100_000, 4));
        assertEquals(List.of("b", "c", "d"), ids(window));
        assertEquals(3, window.size());
    }

    @Test
    void samplesBeyondTheMaximumAgeAreLeftOut() {
        TrainingWindow window = new TrainingWindow(new WindowLimits(5, 5, Duration.ofSeconds(1)));
        window.offer(sample("old", 0, 1_000));
        window.offer(sample("new", 0, 2_500));
        assertEquals(List.of("new"), ids(window));
    }

    @Test
    void anotherSchemaOrNoOutcomeIsRefusedAndCounted() {
        TrainingWindow window = new TrainingWindow(WindowLimits.DEFAULT);
        assertFalse(window.offer(
                sample("x", 0, 1).toBuilder().setFeatureSchema("other").build()));
        assertFalse(window.offer(sample("x", 0, 1).toBuilder().clearTtftMs().build()));
        assertTrue(window.offer(sample("x", 0, 1)));
        assertEquals(2, window.refused());
    }

    @Test
    void samplesOfAnEarlierSchemaAreLearnedFromAndThoseThatDoNotFitTheirsAreNot() {
        // Columns 0 to 14, as they were before media_parts and api.
        String first = "753f4783f4c9fa86";
        Sample whole = sample("x", 0, 1);
        Sample earlier = whole.toBuilder()
                .setFeatureSchema(first)
                .clearFeatures()
                .addAllFeatures(whole.getFeaturesList().subList(0, 15))
                .build();
        TrainingWindow window = new TrainingWindow(WindowLimits.DEFAULT);
        assertTrue(window.offer(earlier));
        assertFalse(window.offer(whole.toBuilder().setFeatureSchema(first).build()));
        float[] row = FeatureSchema.row(earlier.getFeaturesList());
        assertEquals(1, row[Feature.LORA_MISS.ordinal()]);
        assertEquals(0, row[Feature.MEDIA_PARTS.ordinal()]);
    }
}
