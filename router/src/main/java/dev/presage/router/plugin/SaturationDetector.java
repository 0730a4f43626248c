package dev.presage.router.plugin;

/** Says how full endpoints are. */
public interface SaturationDetector extends Plugin {
    /** Nothing is ever full. */
    SaturationDetector NEVER = (round, candidate, unseen) -> 0;

    /**
     * How full one candidate is: 0 is idle, from 1 on it is full.
     *
     * @param unseen requests that were sent there and that its signals do not show yet
     */
    double of(Round round, int candidate, int unseen);

    /** How long a request may be held for a full endpoint that is predicted to answer sooner than one with room; 0 for never. */
    default double maxHoldMs() {
        return 0;
    }

    /** The type by which a configuration names it. */
    default String type() {
        return "saturation-detector";
    }

    /** The mean over all candidates; 1 when there is none. */
    default double saturation(Round round) {
        double sum = 0;
        for (int i = 0; i < round.size(); i++) {
            sum += of(round, i, 0);
        }
        return round.isEmpty() ? 1 : sum / round.size();
    }
}
