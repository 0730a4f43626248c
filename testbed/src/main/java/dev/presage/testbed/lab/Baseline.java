package dev.presage.testbed.lab;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.pick.Choice;
import dev.presage.router.pick.LowestCost;
import dev.presage.router.pick.Policy;
import dev.presage.router.predict.CandidateMatrix;
import java.util.random.RandomGenerator;

/** What load balancers without knowledge of LLMs do. */
enum Baseline {
    ROUND_ROBIN("round-robin"),
    RANDOM("random"),
    LEAST_REQUEST("least-request");

    private final String label;

    Baseline(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** A fresh policy for one run. */
    Policy policy() {
        return switch (this) {
            case ROUND_ROBIN ->
                new Policy() {
                    private int turn;

                    @Override
                    public String name() {
                        return label;
                    }

                    @Override
                    public Choice choose(CandidateMatrix candidates, RandomGenerator random) {
                        int next = turn++ % candidates.size();
                        return new Choice(label, next, new double[candidates.size()], 1, false, null, "");
                    }
                };
            case RANDOM -> costs(label, (candidates, i) -> 0);
            case LEAST_REQUEST ->
                costs(
                        label,
                        (candidates, i) -> candidates.get(i, Feature.PENDING_REQUESTS)
                                + candidates.get(i, Feature.DECODING_REQUESTS));
        };
    }

    /** Cost of one candidate. */
    interface Cost {
        double of(CandidateMatrix candidates, int candidate);
    }

    /** A policy that takes the lowest cost, drawing among equals. */
    static Policy costs(String name, Cost cost) {
        return new Policy() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Choice choose(CandidateMatrix candidates, RandomGenerator random) {
                double[] costs = new double[candidates.size()];
                for (int i = 0; i < costs.length; i++) {
                    costs[i] = cost.of(candidates, i);
                }
                return LowestCost.of(name, costs, random);
            }
        };
    }
}
