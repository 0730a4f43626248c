package dev.presage.store.evidence;

/**
 * The mean of a series and how sure it is, when neighbours resemble each other, as requests do that meet the same queue: the method of batch
 * means (Law and Kelton, "Simulation Modeling and Analysis"). Keeps at most {@value #MOST} blocks; when they are full, two become one.
 */
final class BlockMeans {
    private static final int MOST = 64;
    /** Fewer say too little of their own spread. */
    private static final int LEAST = 16;

    private final double[] sums = new double[MOST];
    private int blocks;
    private int blockSize = 1;
    private int inBlock;
    private long count;
    private double total;

    void add(double value) {
        count++;
        total += value;
        sums[blocks] += value;
        if (++inBlock == blockSize) {
            inBlock = 0;
            if (++blocks == MOST) {
                halve();
            }
        }
    }

    long count() {
        return count;
    }

    double mean() {
        return count == 0 ? 0 : total / count;
    }

    /** Whether the error of the mean can be told. */
    boolean isEnough() {
        return blocks >= LEAST;
    }

    double standardError() {
        double mean = 0;
        for (int i = 0; i < blocks; i++) {
            mean += sums[i] / blockSize / blocks;
        }
        double squares = 0;
        for (int i = 0; i < blocks; i++) {
            double deviation = sums[i] / blockSize - mean;
            squares += deviation * deviation;
        }
        return Math.sqrt(squares / (blocks - 1) / blocks);
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            sums[i] = sums[2 * i] + sums[2 * i + 1];
        }
        for (int i = MOST / 2; i < MOST; i++) {
            sums[i] = 0;
        }
        blocks = MOST / 2;
        blockSize *= 2;
    }
}
