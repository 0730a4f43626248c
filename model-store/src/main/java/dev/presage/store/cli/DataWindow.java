package dev.presage.store.cli;

import dev.presage.store.bundle.TrainingWindow;
import java.time.Instant;
import java.util.stream.Collectors;

/** What a version was trained on, for people. */
final class DataWindow {
    private DataWindow() {}

    static String text(TrainingWindow window) {
        return "%d samples, %s to %s"
                .formatted(
                        window.samples(), Instant.ofEpochMilli(window.fromMs()), Instant.ofEpochMilli(window.toMs()));
    }

    static String offsets(TrainingWindow window) {
        String ranges = window.partitions().stream()
                .map(range -> "%s-%d %d..%d".formatted(range.topic(), range.partition(), range.from(), range.to()))
                .collect(Collectors.joining(", "));
        return ranges.isEmpty() ? "of no topic" : ranges;
    }
}
