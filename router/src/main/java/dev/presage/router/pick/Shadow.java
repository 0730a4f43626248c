package dev.presage.router.pick;

import dev.presage.router.predict.CandidateMatrix;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.predict.Predictions;
import org.jspecify.annotations.Nullable;

/**
 * What a challenger says of a decision that it did not take. It is asked when somebody first wants to know, which is not the deciding thread, and
 * answers on the very rows that the decision used. Thread-safe.
 */
public final class Shadow {
    /**
     * The challenger's answer.
     *
     * @param candidate the one that it would have chosen, without exploring
     */
    public record Opinion(Predictions predictions, int candidate) {}

    private final ServingModel model;
    private final CandidateMatrix candidates;
    private final Cost objective;
    private @Nullable Opinion opinion;

    /** {@code candidates} are the decision's, corrected by the challenger's own errors. */
    public Shadow(ServingModel model, CandidateMatrix candidates, Cost objective) {
        this.model = model;
        this.candidates = candidates;
        this.objective = objective;
    }

    /** Identity of the challenger. */
    public String bundleId() {
        return model.bundleId();
    }

    /** Predicts on the first call. */
    public synchronized Opinion opinion() {
        Opinion known = opinion;
        if (known == null) {
            known = form();
            opinion = known;
        }
        return known;
    }

    private Opinion form() {
        Predictions predictions = model.predict(candidates);
        return new Opinion(predictions, LowestCost.cheapest(objective.costs(candidates, predictions)));
    }
}
