package dev.presage.testbed.quickstart;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar over the answers, with failures and the model in service beside it. */
final class BarDisplay implements Display {
    private @Nullable ProgressBar bar;

    @Override
    public void say(String line) {
        System.err.println(line);
    }

    @Override
    public void begin(long total) {
        bar = new ProgressBarBuilder()
                .setTaskName("Replaying")
                .setInitialMax(total)
                .setUnit(" answers", 1)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(500)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
    }

    @Override
    public void update(Standing standing) {
        if (bar != null) {
            bar.stepTo(standing.answered());
            bar.setExtraMessage(" failed " + standing.failed() + ", "
                    + (standing.models() == 0
                            ? "no model yet"
                            : "model " + standing.models() + " " + standing.model()));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
