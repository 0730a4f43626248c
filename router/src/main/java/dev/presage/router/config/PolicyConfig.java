package dev.presage.router.config;

import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.HeuristicPolicy;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.LmetricPolicy;
import dev.presage.router.pick.Objective;
import dev.presage.router.pick.Policy;
import java.time.Duration;

/**
 * Which policy decides.
 *
 * @param deciding the top rung
 * @param fallback what decides while the model cannot; {@link Kind#LEARNED} is not one
 * @param heuristic weights of the heuristic, wherever it decides
 * @param exploration of the learned policy
 * @param maxModelAge a model whose data ended longer ago does not decide
 */
public record PolicyConfig(
        Kind deciding, Kind fallback, HeuristicPolicy heuristic, Exploration exploration, Duration maxModelAge) {

    /** The policies that a configuration can name. */
    public enum Kind {
        LEARNED,
        LMETRIC,
        HEURISTIC
    }

    public static final PolicyConfig DEFAULT = new PolicyConfig(
            Kind.LEARNED,
            Kind.LMETRIC,
            HeuristicPolicy.DEFAULT,
            Ladder.DEFAULT.exploration(),
            Ladder.DEFAULT.maxModelAge());

    public PolicyConfig {
        if (fallback == Kind.LEARNED) {
            throw new IllegalArgumentException("fallback learned cannot replace a missing model");
        }
        if (maxModelAge.isNegative() || maxModelAge.isZero()) {
            throw new IllegalArgumentException("maxModelAge " + maxModelAge + " must be more than 0");
        }
    }

    PolicyConfig with(HeuristicPolicy weights) {
        return new PolicyConfig(deciding, fallback, weights, exploration, maxModelAge);
    }

    PolicyConfig decidedBy(Kind kind) {
        return new PolicyConfig(kind, fallback, heuristic, exploration, maxModelAge);
    }

    /** The ladder that does as configured. */
    public Ladder ladder() {
        boolean learned = deciding == Kind.LEARNED;
        return new Ladder(
                policy(learned ? fallback : deciding), Objective.OWN_LATENCY, exploration, maxModelAge, learned);
    }

    private Policy policy(Kind kind) {
        return switch (kind) {
            case HEURISTIC -> heuristic;
            case LMETRIC, LEARNED -> new LmetricPolicy();
        };
    }
}
