package dev.presage.router.slo;

import java.time.Instant;
import java.util.List;

/**
 * How one SLO stands, as counted by this router since {@code since}. Immutable.
 *
 * @param window requests of the budget's window
 * @param burns one per {@link BurnWindow}, in order
 * @param counted all requests whose verdict is final; never falls while the targets stay
 * @param ttft of all requests, those with a TTFT and how many of them were over the bound
 * @param tpot the same for TPOT
 * @param unmeasured requests whose latency cannot be known, such as replies that are not streamed
 */
public record SloStanding(
        LatencySlo slo,
        Instant since,
        SloCount window,
        List<Burn> burns,
        SloCount counted,
        SloCount ttft,
        SloCount tpot,
        long unmeasured) {

    /**
     * How fast the budget goes: 1 uses it up in exactly its window.
     *
     * @param enough whether there were requests enough for the rate to say something
     */
    public record Burn(BurnWindow window, SloCount count, double rate, boolean enough) {}

    public SloStanding {
        burns = List.copyOf(burns);
    }

    /** Share of the window's requests that kept the targets, 1 of none. */
    public double attainment() {
        return 1 - window.badShare();
    }

    /** Share of the budget that is left: 1 when nothing was used, negative when more than all of it was. */
    public double budgetLeft() {
        return 1 - window.badShare() / slo.budget();
    }

    public Burn burn(BurnWindow over) {
        return burns.get(over.ordinal());
    }
}
