package dev.presage.router.config;

import dev.presage.router.pick.Exploration;
import dev.presage.router.pick.FleetLmetricPolicy;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.LmetricPolicy;
import dev.presage.router.pick.Objective;
import dev.presage.router.pick.Policy;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.predict.Aim;
import java.time.Duration;
import java.util.Locale;

/**
 * Which policy decides.
 *
 * @param deciding the top rung
 * @param fallback what decides while the model cannot; {@link Kind#LEARNED} is not one
 * @param exploration of the learned policy
 * @param objective what the learned policy makes small
 * @param aim how the learned policy aims at latency targets, whatever these are
 * @param maxModelAge a model whose data ended longer ago does not decide
 */
public record PolicyConfig(
        Kind deciding, Kind fallback, Objective objective, Exploration exploration, Duration maxModelAge, Aim aim)
        implements Plugin {

    /** The policies that a configuration can name. */
    public enum Kind {
        LEARNED,
        FLEET_LMETRIC,
        LMETRIC,
        /** The scorers of the profile, the contract's default ones where none is configured. */
        HEURISTIC;

        /** As configurations write it. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The policy of that word. */
        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    public static final PolicyConfig DEFAULT = new PolicyConfig(
            Kind.LEARNED,
            Kind.FLEET_LMETRIC,
            Ladder.DEFAULT.objective(),
            Ladder.DEFAULT.exploration(),
            Ladder.DEFAULT.maxModelAge(),
            Aim.NONE);

    public PolicyConfig {
        if (fallback == Kind.LEARNED) {
            throw new IllegalArgumentException("fallback learned cannot replace a missing model");
        }
        if (maxModelAge.isNegative() || maxModelAge.isZero()) {
            throw new IllegalArgumentException("maxModelAge " + maxModelAge + " must be more than 0");
        }
    }

    PolicyConfig decidedBy(Kind kind, Kind otherwise) {
        return new PolicyConfig(kind, otherwise, objective, exploration, maxModelAge, aim);
    }

    /** The ladder that does as configured, as far as no profile does. */
    Ladder ladder() {
        Kind lower = deciding == Kind.LMETRIC || deciding == Kind.FLEET_LMETRIC ? deciding : fallback;
        Policy rule = lower == Kind.LMETRIC ? new LmetricPolicy() : new FleetLmetricPolicy();
        return new Ladder(rule, objective, exploration, maxModelAge, deciding == Kind.LEARNED);
    }

    /** Whether scorers decide, on top or below the model. */
    boolean scorersDecide() {
        return deciding == Kind.HEURISTIC || deciding == Kind.LEARNED && fallback == Kind.HEURISTIC;
    }
}
