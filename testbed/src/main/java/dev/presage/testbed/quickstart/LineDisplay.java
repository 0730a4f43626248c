package dev.presage.testbed.quickstart;

import java.io.PrintStream;
import java.util.Locale;

/** A line when a model swaps and every {@value #EVERY_SECONDS} s: for logs and pipes. */
final class LineDisplay implements Display {
    static final double EVERY_SECONDS = 10;

    private final PrintStream out;
    private double nextSeconds;
    private int models;

    LineDisplay(PrintStream out) {
        this.out = out;
    }

    @Override
    public void say(String line) {
        out.println(line);
    }

    @Override
    public void begin(long total) {
        nextSeconds = 0;
    }

    @Override
    public void update(Standing standing) {
        if (standing.elapsedSeconds() < nextSeconds && standing.models() == models) {
            return;
        }
        models = standing.models();
        nextSeconds = standing.elapsedSeconds() + EVERY_SECONDS;
        out.printf(
                Locale.ROOT,
                "%4.0f s  %d of %d answers, %d failed, %s%n",
                standing.elapsedSeconds(),
                standing.answered(),
                standing.total(),
                standing.failed(),
                models == 0 ? "no model yet" : "model " + models + " " + standing.model());
    }

    @Override
    public void close() {}
}
