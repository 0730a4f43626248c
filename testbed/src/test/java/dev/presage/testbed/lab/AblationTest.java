package dev.presage.testbed.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.router.predict.CandidateMatrix;
import dev.presage.testbed.engine.EngineProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AblationTest {
    private static final int REQUESTS = 300;

    @Test
    void aHiddenFeatureSaysNothingAnywhere() {
        List<CandidateMatrix> seen = decisions(Ablation.QUEUE);
        for (CandidateMatrix candidates : seen) {
            for (int i = 0; i < candidates.size(); i++) {
                assertEquals(0, candidates.get(i, Feature.PENDING_TOKENS));
                assertEquals(0, candidates.get(i, Feature.PENDING_REQUESTS));
            }
        }
        assertTrue(decisions(Ablation.NONE).stream()
                .anyMatch(candidates -> candidates.get(0, Feature.PENDING_TOKENS) > 0));
    }

    @Test
    void withoutTheCacheEveryPromptIsNew() {
        for (CandidateMatrix candidates : decisions(Ablation.CACHE)) {
            assertEquals(candidates.get(0, Feature.PROMPT_TOKENS), candidates.get(0, Feature.UNCACHED_TOKENS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPartCanBeTakenAway(Ablation part) {
        assertEquals(REQUESTS, decisions(part).size());
    }

    @Test
    void anUnknownPartIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> LabPolicy.named("learned-without-luck"));
    }

    private static List<CandidateMatrix> decisions(Ablation part) {
        List<CandidateMatrix> decisions = new ArrayList<>();
        new LabRun(
                        new FleetSpec(Collections.nCopies(3, EngineProfile.named("h100-llama-2-70b-hf-tp8"))),
                        LabPolicy.named(LabPolicy.WITHOUT + part.label()),
                        new LabSettings(REQUESTS, 1, 2, 4, true),
                        List.of(new RoutingListener() {
                            @Override
                            public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
                                decisions.add(decision.candidates());
                            }

                            @Override
                            public void ended(Outcome outcome) {
                                // Only decisions are looked at.
                            }
                        }))
                .run(SyntheticTrace.of(4, REQUESTS));
        return decisions;
    }
}
