package dev.presage.router.slo;

/**
 * Two SLOs of which nobody could say which holds for a request, or one that is one too many.
 *
 * @param one the same as {@code other} where only one is the matter
 */
public record SloConflict(LatencySlo one, LatencySlo other, String why) {
    /** Names in order, so that the same conflict always reads the same. */
    public String message() {
        if (one.equals(other)) {
            return "SLO " + one.name() + " " + why;
        }
        boolean inOrder = one.name().compareTo(other.name()) < 0;
        return "SLOs " + (inOrder ? one : other).name() + " and " + (inOrder ? other : one).name() + " " + why;
    }
}
