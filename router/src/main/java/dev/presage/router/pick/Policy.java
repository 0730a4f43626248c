package dev.presage.router.pick;

import dev.presage.router.predict.CandidateMatrix;
import java.util.random.RandomGenerator;

/** A rule that chooses one of at least one candidates. Pure: the same matrix and random sequence give the same choice. */
public interface Policy {
    /** Name in metrics, events and reports. */
    String name();

    Choice choose(CandidateMatrix candidates, RandomGenerator random);
}
