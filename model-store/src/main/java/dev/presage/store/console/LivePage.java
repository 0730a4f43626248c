package dev.presage.store.console;

import dev.presage.store.registry.PoolState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Predicted against actual as it happens: a page, and the figures that its script asks for every few seconds. */
record LivePage(Sources sources) {
    /** What the template shows. */
    record View(PoolState pool, LiveFigures live, boolean follows) {}

    Reply show(Ask ask) throws IOException {
        PoolState pool = ask.pool(sources.registry());
        View view = new View(pool, sources.live(pool.pool()), sources.requests().isFollowing());
        return Reply.Shown.of("Predicted against actual in " + pool.pool(), "live", pool.pool(), "live", view);
    }

    Reply data(Ask ask) throws IOException {
        return new Reply.Data(sources.live(ask.pool(sources.registry()).pool()));
    }

    /** The latest pairs, in milliseconds. */
    static Chart scatter(LiveFigures live, boolean tpot) {
        List<List<Double>> points = new ArrayList<>();
        for (LiveFigures.Pair pair : live.pairs()) {
            Double predicted = tpot ? pair.tpotMs() : Double.valueOf(pair.ttftMs());
            Double actual = tpot ? pair.actualTpotMs() : Double.valueOf(pair.actualTtftMs());
            if (predicted != null && actual != null && predicted > 0 && actual > 0) {
                points.add(List.of(predicted, actual));
            }
        }
        String name = tpot ? "TPOT" : "TTFT";
        return new Chart(
                "scatter",
                "predicted, ms",
                "actual, ms",
                List.of(),
                List.of(new Chart.Series(name, points)),
                true,
                true);
    }
}
