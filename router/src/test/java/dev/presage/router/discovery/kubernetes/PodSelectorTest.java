package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSelectorTest {
    /** Met by a pod with {@code app: llm, tier: gold}, by one with {@code app: llm} and by one without labels. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "app=llm; true; true; false",
                "app == llm, tier = gold; true; false; false",
                "tier!=gold; false; true; true",
                "tier in (gold,silver); true; false; false",
                "tier in ( silver , iron ),app; false; false; false",
                "tier notin (gold, silver); false; true; true",
                "app,tier; true; false; false",
                "app, !tier; false; true; false",
                "!app; false; false; true",
                "tier=; false; false; false",
                "llm-d.ai/role notin (prefill),app in (llm); true; true; false"
            })
    void requirementsAreMetAsInKubernetes(String selector, boolean both, boolean app, boolean none) {
        PodSelector pods = PodSelector.parse(selector);
        assertEquals(both, pods.matches(Map.of("app", "llm", "tier", "gold")), selector);
        assertEquals(app, pods.matches(Map.of("app", "llm")), selector);
        assertEquals(none, pods.matches(Map.of()), selector);
    }

    @Test
    void anEmptyOneWouldTakeEveryPod() {
        assertThrows(MalformedObjectException.class, () -> PodSelector.labels(Map.of()));
        assertThrows(IllegalArgumentException.class, () -> PodSelector.parse(" "));
    }
}
