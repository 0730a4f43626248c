package dev.presage.router.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricSpecTest {
    @Test
    void aSpecIsANameWithLabels() {
        assertEquals(new MetricSpec("a:b_c", Map.of()), MetricSpec.parse(" a:b_c "));
        assertEquals(new MetricSpec("a", Map.of()), MetricSpec.parse("a{}"));
        assertEquals(
                new MetricSpec("a", Map.of("x", "1", "y", "two words", "z", "")),
                MetricSpec.parse("a{ x=1 , y=\"two words\",z=\"\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1a", "a b", "a{", "a}", "a{x}", "a{x=}", "a{=1}", "a{x=1 y=2}", "a{x=\"1}", "a{x=1}b"})
    void anythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> MetricSpec.parse(text));
    }

    @Property
    void anyTextIsASpecOrRefused(@ForAll String text) {
        try {
            MetricSpec.parse(text);
        } catch (IllegalArgumentException e) {
            assertEquals(IllegalArgumentException.class, e.getClass());
        }
    }
}
