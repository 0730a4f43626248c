package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.discovery.DiscoveryListener;
import dev.presage.router.pool.ModelRewrite;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesReaderTest {
    private final RulesReader reader =
            new RulesReader("chat", ApiKind.POOL_GROUP, new Complaints(DiscoveryListener.NONE));

    @Test
    void theOlderOfTwoRewritesDecidesAndNamesDecideWithinASecond() {
        reader.rewrites(
                ApiKind.REWRITES.getFirst(),
                List.of(
                        rewrite("a-young", "2026-03-01T00:00:00Z"),
                        rewrite("c-old", "2026-01-01T00:00:00Z"),
                        rewrite("b-old", "2026-01-01T00:00:00Z")));
        assertEquals(
                List.of("b-old", "c-old", "a-young"),
                reader.rules().rewrites().stream().map(ModelRewrite::name).toList());
    }

    @Test
    void theOlderOfTwoInferenceModelsHasTheName() {
        reader.models(
                ApiKind.OLD_MODEL,
                List.of(
                        model("a-young", "2026-03-01T00:00:00Z", "Sheddable"),
                        model("b-old", "2026-01-01T00:00:00Z", "Critical")));
        assertEquals(1, reader.rules().modelPriority("food"));
        assertEquals(
                List.of("b-old true", "a-young false"),
                reader.verdicts().stream()
                        .map(verdict -> verdict.object().getMetadata().getName() + " " + verdict.accepted())
                        .toList());
    }

    @Test
    void aRewriteOfTheNewerApiGoesBeforeAnInferenceModel() {
        reader.rewrites(ApiKind.REWRITES.getFirst(), List.of(rewrite("rewrite", "2026-03-01T00:00:00Z")));
        reader.models(ApiKind.OLD_MODEL, List.of(object("""
                metadata: {name: food, creationTimestamp: "2020-01-01T00:00:00Z"}
                spec: {modelName: food, targetModels: [{name: x}], poolRef: {name: chat}}
                """)));
        assertEquals(
                List.of("rewrite", "food"),
                reader.rules().rewrites().stream().map(ModelRewrite::name).toList());
    }

    private static GenericKubernetesResource rewrite(String name, String created) {
        return object("""
                metadata: {name: %s, creationTimestamp: "%s"}
                spec: {rules: [{targets: [{modelRewrite: %s}]}], poolRef: {name: chat}}
                """.formatted(name, created, name));
    }

    private static GenericKubernetesResource model(String name, String created, String criticality) {
        return object("""
                metadata: {name: %s, creationTimestamp: "%s"}
                spec: {modelName: food, criticality: %s, poolRef: {name: chat}}
                """.formatted(name, created, criticality));
    }

    private static GenericKubernetesResource object(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }
}
