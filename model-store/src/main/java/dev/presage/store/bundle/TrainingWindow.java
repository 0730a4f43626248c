package dev.presage.store.bundle;

import java.util.List;

/**
 * What a predictor was trained on: ranges of the sample topic and of time.
 *
 * @param partitions ranges of the topic; empty when the samples came from no topic, as in the policy lab
 * @param fromMs time of the earliest sample, milliseconds since the epoch
 * @param toMs time of the latest sample
 * @param samples how many samples were used
 */
public record TrainingWindow(List<Range> partitions, long fromMs, long toMs, long samples) {
    public TrainingWindow {
        partitions = List.copyOf(partitions);
        if (fromMs > toMs) {
            throw new IllegalArgumentException("training window starts at " + fromMs + " after its end " + toMs);
        }
        if (samples < 1) {
            throw new IllegalArgumentException("training samples " + samples + " must be at least 1");
        }
    }

    /** Offsets {@code from} (inclusive) to {@code to} (exclusive) of one partition. */
    public record Range(String topic, int partition, long from, long to) {
        public Range {
            if (topic.isEmpty() || partition < 0) {
                throw new IllegalArgumentException("'" + topic + "' partition " + partition + " is no topic partition");
            }
            if (from < 0 || to < from) {
                throw new IllegalArgumentException("offsets " + from + ".." + to + " are no range");
            }
        }
    }
}
