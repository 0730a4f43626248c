package dev.presage.testbed.lab;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.flow.Sight;
import dev.presage.router.flow.Space;
import dev.presage.router.plugin.Round;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** The contract's original: there is room everywhere or nowhere, by the pool's average of what was scraped last. */
record AverageSpace<T>(Function<T, Round> rounds) implements Space<T> {
    private static final double QUEUE = 5;
    private static final double KV = 0.8;

    @Override
    public Sight look(T what, double ceiling, Set<String> withheld) {
        Round round = rounds.apply(what);
        Set<String> all = new HashSet<>();
        double sum = 0;
        for (int i = 0; i < round.size(); i++) {
            EngineSignals signals = round.state(i).signals();
            sum += Math.max(signals.waiting() / QUEUE, signals.kvUsage() / KV);
            all.add(round.state(i).endpoint().id());
        }
        return sum / round.size() >= ceiling ? new Sight.Full(all, true) : new Sight.Room(all);
    }
}
