package dev.presage.testbed.quickstart;

/** Where a run shows how far it is; standard error, so that the report can be piped. One thread. */
sealed interface Display extends AutoCloseable permits BarDisplay, LineDisplay {
    /** A bar on a terminal, else a line now and then. */
    static Display open(boolean terminal) {
        return terminal ? new BarDisplay() : new LineDisplay(System.err);
    }

    /** Something that stays readable above what moves. */
    void say(String line);

    /** Load goes from here to {@code total} answers. */
    void begin(long total);

    /** Called about twice a second while load runs. */
    void update(Standing standing);

    @Override
    void close();

    /** How far the run is. */
    record Standing(double elapsedSeconds, long answered, long total, long failed, int models, String model) {}
}
