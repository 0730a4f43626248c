package dev.presage.trainer.learn;

import java.util.List;

/**
 * One of the alternatives that compete for a target: how much of what the linear part and the forest say of the work model's residuals is
 * used.
 *
 * @param linear from 0 to 1
 * @param forest from 0 to 1
 */
public record Mixture(double linear, double forest) {
    /** The work model alone. */
    public static final Mixture WORK = new Mixture(0, 0);

    /** In the order in which they are tried: a later one must be better to be taken. */
    static final List<Mixture> ALL =
            List.of(WORK, new Mixture(1, 0), new Mixture(0, 0.5), new Mixture(0.5, 0.5), new Mixture(0, 1));

    public Mixture {
        if (!(linear >= 0 && linear <= 1 && forest >= 0 && forest <= 1)) {
            throw new IllegalArgumentException("linear " + linear + " or forest " + forest + " outside 0..1");
        }
    }

    /** As manifests and reports write it, such as {@code work+linear/2+forest/2}. */
    public String label() {
        return "work" + part("linear", linear) + part("forest", forest);
    }

    private static String part(String name, double share) {
        if (share == 0) {
            return "";
        }
        return share == 1 ? "+" + name : share == 0.5 ? "+" + name + "/2" : "+" + share + "*" + name;
    }

    @Override
    public String toString() {
        return label();
    }
}
