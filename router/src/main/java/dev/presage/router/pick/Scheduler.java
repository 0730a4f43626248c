package dev.presage.router.pick;

import dev.presage.router.predict.CandidateMatrix;

/** Decides on one request among at least one candidates. Called by the picker on any thread; thread-safe, never waits. */
public interface Scheduler {
    /** A decision without an experiment's arm. A refusal is a decision too; nothing is thrown for the request's sake. */
    Decision schedule(CandidateMatrix candidates, Moment moment);
}
