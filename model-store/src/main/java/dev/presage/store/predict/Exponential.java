package dev.presage.store.predict;

/**
 * The exponential function to 1e-12 of its value, in less time than the library.s because calls do not wait for each other: a
 * table of the 64th parts of a power of two, times a polynomial on what is left (Tang, "Table-driven implementation of the
 * exponential function in IEEE floating-point arithmetic", 1989).
 */
final class Exponential {
    private static final int PARTS = 64;
    private static final double PARTS_PER_LN2 = PARTS / Math.log(2);
    private static final double LN2_PER_PART = Math.log(2) / PARTS;
    /** Beyond, the result is not a normal number. */
    private static final double LIMIT = 700;

    private static final double[] PART = new double[PARTS];

    static {
        for (int i = 0; i < PARTS; i++) {
            PART[i] = Math.exp(i * LN2_PER_PART);
        }
    }

    private Exponential() {}

    static double of(double x) {
        if (!(Math.abs(x) < LIMIT)) {
            return Math.exp(x);
        }
        // Truncation is cheaper than rounding; what is left is then below one part on either side.
        int parts = (int) (x * PARTS_PER_LN2);
        double left = x - parts * LN2_PER_PART;
        double polynomial =
                1 + left * (1 + left * (1.0 / 2 + left * (1.0 / 6 + left * (1.0 / 24 + left * (1.0 / 120)))));
        double power = Double.longBitsToDouble((long) (1023 + (parts >> 6)) << 52);
        return power * PART[parts & PARTS - 1] * polynomial;
    }
}
