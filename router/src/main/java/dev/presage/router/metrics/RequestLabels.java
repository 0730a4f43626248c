package dev.presage.router.metrics;

import java.util.Arrays;

/** What requests are told apart by. */
record RequestLabels(String model, String target, String fairness, String priority) {
    /** All of them at once, for what is too much to be told apart. */
    static final RequestLabels OTHER =
            new RequestLabels(BoundedLabel.OTHER, BoundedLabel.OTHER, BoundedLabel.OTHER, BoundedLabel.OTHER);

    static final int MAX_CODES = 50;

    /** Names and values in turn, {@code more} at the end. */
    String[] tags(String... more) {
        return join(
                new String[] {
                    "model_name", model, "target_model_name", target, "fairness_id", fairness, "priority", priority
                },
                more);
    }

    /** The labels of the predictor's metrics. */
    String[] predictorTags(String... more) {
        String plugin = "predicted-latency-producer";
        return join(
                new String[] {
                    "plugin_name", plugin, "plugin_type", plugin, "model_name", model, "target_model_name", target
                },
                more);
    }

    private static String[] join(String[] first, String... more) {
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }
}
