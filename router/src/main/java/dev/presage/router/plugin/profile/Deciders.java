package dev.presage.router.plugin.profile;

import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Decider;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.request.InferenceRequest;

/** The rules by which a stage gets an endpoint of its own. */
enum Deciders implements Decider {
    ALWAYS,
    /** Requests with an image, a video or a sound. */
    MULTIMODAL;

    @Override
    public boolean split(Decision.Routed answering) {
        return switch (this) {
            case ALWAYS -> true;
            case MULTIMODAL -> answering.candidates().request().mediaParts() > 0;
        };
    }

    /**
     * Long prompts of which the answering endpoint holds little.
     *
     * @param uncached tokens that it lacks at least; 0 never splits
     * @param prompt tokens of the prompt at least
     */
    record ByPrefix(int uncached, int prompt) implements Decider {
        static ByPrefix read(Parameters given) {
            return new ByPrefix(
                    given.integer("nonCachedTokens", 0, Integer.MAX_VALUE, 0),
                    given.integer("promptTokens", 0, Integer.MAX_VALUE, 0));
        }

        @Override
        public boolean split(Decision.Routed answering) {
            InferenceRequest request = answering.candidates().request();
            int cached = answering.candidates().cachedTokens(answering.choice().candidate());
            return uncached > 0
                    && request.promptTokens() >= Math.max(prompt, uncached)
                    && request.promptTokens() - cached >= uncached;
        }
    }
}
