package dev.presage.router.plugin;

import dev.presage.router.pick.Decision;

/** Says whether a stage of a request is worth an endpoint of its own. */
public interface Decider extends Plugin {
    /** Whether to split, when this would be who answers. */
    boolean split(Decision.Routed answering);
}
