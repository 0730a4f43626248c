package dev.presage.store.predict;

/**
 * What is known of some rows while they are predicted, column by column. At most {@value #MOST} rows at a time, so that it
 * stays in the processor's first cache.
 */
final class Batch {
    private static final int MOST = 64;

    final int most;
    /** {@code most} places to a column. */
    final short[] bins;

    final double[][] work;
    final double[] residual;
    final double[] terms = new double[WorkTerm.PLACES];

    Batch(int rows, int columns) {
        most = Math.min(rows, MOST);
        bins = new short[columns * most];
        work = new double[Target.values().length][most];
        residual = new double[most];
    }
}
