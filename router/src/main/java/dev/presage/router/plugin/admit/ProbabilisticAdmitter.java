package dev.presage.router.plugin.admit;

import dev.presage.router.plugin.Admitter;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import java.util.Optional;

/** Refuses with probability {@code min(1, saturation^power * k)}. */
record ProbabilisticAdmitter(UtilizationDetector detector, double power, double k) implements Admitter {
    private static final Optional<String> DENIAL = Optional.of("the fleet is too busy for sheddable requests");

    static ProbabilisticAdmitter read(Parameters given) {
        return new ProbabilisticAdmitter(
                new UtilizationDetector(
                        given.number("queueDepthThreshold", 1e-6, 1e9, UtilizationDetector.DEFAULT.queue()),
                        given.number("kvCacheUtilThreshold", 1e-6, 1, UtilizationDetector.DEFAULT.kv()),
                        0),
                given.number("power", 0, 100, 5),
                given.number("k", 0, 1e9, 300));
    }

    @Override
    public Optional<String> denial(Round round) {
        double refused = Math.min(1, Math.pow(detector.saturation(round), power) * k);
        return round.random().nextDouble() < refused ? DENIAL : Optional.empty();
    }
}
