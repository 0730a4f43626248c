package dev.presage.store.registry;

import java.util.List;

/**
 * What a move would do, without doing it.
 *
 * @param outcome what would come of it now
 * @param gates the policy's, in the order in which they were looked at; none without a policy
 */
public record MovePlan(ChangeOutcome outcome, List<Gate> gates) {
    public MovePlan {
        gates = List.copyOf(gates);
    }
}
