package dev.presage.testbed.lab;

import dev.presage.router.pick.FleetLmetricPolicy;
import dev.presage.router.pick.HeuristicPolicy;
import dev.presage.router.pick.Ladder;
import dev.presage.router.pick.LmetricPolicy;
import dev.presage.router.pick.Objective;
import dev.presage.router.pick.Policy;
import dev.presage.router.pick.Scheduler;
import dev.presage.store.proto.CompiledPredictor;
import dev.presage.testbed.engine.SimRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy by the name that the command line knows it by. */
sealed interface LabPolicy
        permits LabPolicy.Fixed, LabPolicy.Learned, LabPolicy.Served, LabPolicy.Clairvoyant, SplitPolicy {
    /** Prefix 3, queue 3, KV 2: the weights that Google names as its gateway's default, a longest queue undoes a whole match. */
    HeuristicPolicy AFFINITY = new HeuristicPolicy(3, 2, 3);

    /** Before the label of what is taken away from the learned policy. */
    String WITHOUT = "learned-without-";

    /** All names, in the order in which tables show them; those of {@link Ablation} come on top. */
    List<String> NAMES = List.of(
            "round-robin",
            "random",
            "least-request",
            "heuristic",
            "affinity",
            "lmetric",
            "fleet-lmetric",
            "learned",
            "learned-own",
            "learned-fleet",
            "learned-targets",
            "split-lmetric",
            "split-learned",
            "clairvoyant");

    String name();

    /** Whether the run trains models and picks by production's ladder. */
    default boolean learns() {
        return false;
    }

    /** Whether its picks look at the requests' latency targets. */
    default boolean aims() {
        return false;
    }

    /** What decides where the policy forces nothing. */
    default Scheduler ladder() {
        return Ladder.DEFAULT;
    }

    /** What becomes of a trained model before it takes service. */
    default CompiledPredictor served(CompiledPredictor trained) {
        return trained;
    }

    /** The policy for one request; null leaves it to the ladder. */
    @Nullable
    Policy forced(List<Replica> replicas, SimRequest request, double nowMs);

    /** The policy of that name, fresh for one run; an {@link IllegalArgumentException} lists the names. */
    static LabPolicy named(String name) {
        return switch (name) {
            case "heuristic" -> new Fixed(name, HeuristicPolicy.DEFAULT);
            case "affinity" -> new Fixed(name, AFFINITY);
            case "lmetric" -> new Fixed(name, new LmetricPolicy());
            case "fleet-lmetric" -> new Fixed(name, new FleetLmetricPolicy());
            case "learned" -> new Learned(name, Ladder.DEFAULT, Ablation.NONE, false);
            case "learned-own" ->
                new Learned(name, Ladder.DEFAULT.towards(Objective.OWN_LATENCY), Ablation.NONE, false);
            case "learned-fleet" ->
                new Learned(name, Ladder.DEFAULT.towards(Objective.FLEET_LATENCY), Ablation.NONE, false);
            case "learned-targets" -> new Learned(name, Ladder.DEFAULT, Ablation.NONE, true);
            case "split-lmetric" -> new SplitPolicy(name, "lmetric");
            case "split-learned" -> new SplitPolicy(name, "learned");
            case "clairvoyant" -> new Clairvoyant();
            default -> {
                if (name.startsWith(WITHOUT)) {
                    yield new Learned(name, Ladder.DEFAULT, Ablation.named(name.substring(WITHOUT.length())), false);
                }
                for (Baseline baseline : Baseline.values()) {
                    if (baseline.label().equals(name)) {
                        yield new Fixed(name, baseline.policy());
                    }
                }
                throw new IllegalArgumentException("unknown policy '" + name + "', known: " + NAMES);
            }
        };
    }

    /** The same rule for every request. */
    record Fixed(String name, Policy policy) implements LabPolicy {
        @Override
        public Policy forced(List<Replica> replicas, SimRequest request, double nowMs) {
            return policy;
        }
    }

    /** Production's ladder with models trained inside the run, perhaps without a part of it. */
    record Learned(String name, Ladder whole, Ablation without, boolean aims) implements LabPolicy {
        @Override
        public boolean learns() {
            return true;
        }

        @Override
        public Scheduler ladder() {
            return without.of(whole);
        }

        @Override
        public CompiledPredictor served(CompiledPredictor trained) {
            return without.of(trained);
        }

        @Override
        public @Nullable Policy forced(List<Replica> replicas, SimRequest request, double nowMs) {
            return null;
        }
    }

    /** A ladder with the models that the caller puts into service. */
    record Served(String name, Scheduler ladder) implements LabPolicy {
        @Override
        public @Nullable Policy forced(List<Replica> replicas, SimRequest request, double nowMs) {
            return null;
        }
    }

    /** The limit of any greedy predictor: looks ahead in a copy of each engine and takes the earliest first token. */
    record Clairvoyant() implements LabPolicy {
        @Override
        public String name() {
            return "clairvoyant";
        }

        @Override
        public Policy forced(List<Replica> replicas, SimRequest request, double nowMs) {
            return Baseline.costs(
                    name(), (candidates, i) -> replicas.get(i).engine().lookaheadFirstTokenMs(request, nowMs));
        }
    }
}
