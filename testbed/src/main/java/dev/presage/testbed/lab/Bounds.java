package dev.presage.testbed.lab;

/** What options of the lab may be. */
final class Bounds {
    private Bounds() {}

    /** Throws an {@link IllegalArgumentException} that names the option and its bounds unless the value is within them. */
    static void within(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(option + " " + value + " outside " + least + ".." + most);
        }
    }
}
