package dev.presage.router.discovery.kubernetes;

import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.SloBook;
import dev.presage.router.slo.SloConflict;
import dev.presage.router.slo.SloReading;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads LatencySLO objects, and has a verdict on each. One that becomes invalid stays in force as it last was; of two that
 * conflict the older is in force. An object is read again only when its generation has changed, which its status does not do.
 * Used by the reading thread; bounded by the objects of the namespace.
 */
final class SloObjects {
    private record Known(String generation, List<String> problems, List<LatencySlo> lastGood) {}

    private final Complaints complaints;
    private Map<String, Known> known = new HashMap<>();

    SloObjects(Complaints complaints) {
        this.complaints = complaints;
    }

    /** What is in force, and what is to be said of each object that concerns the pool. */
    record Read(List<LatencySlo> slos, List<Verdict> verdicts) {}

    Read read(ApiKind kind, List<GenericKubernetesResource> objects, String pool) {
        Map<String, Known> next = new HashMap<>();
        Map<String, GenericKubernetesResource> byName = new LinkedHashMap<>();
        List<LatencySlo> good = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        objects.stream()
                .filter(object ->
                        object.getMetadata() != null && object.getMetadata().getName() != null)
                .sorted(RulesReader.BY_AGE)
                .forEach(object -> {
                    String name = object.getMetadata().getName();
                    Known one = known(object, known.get(name));
                    next.put(name, one);
                    byName.put(name, object);
                    one.lastGood().stream().filter(slo -> concerns(slo, pool)).forEach(good::add);
                    if (!one.problems().isEmpty()) {
                        String problem = String.join("; ", one.problems());
                        complaints.about(kind, object, problem);
                        verdicts.add(Verdict.refused(kind, object, "Invalid", problem));
                    }
                });
        known = next;
        for (SloConflict conflict : SloBook.conflicts(good, pool)) {
            LatencySlo younger =
                    good.indexOf(conflict.one()) > good.indexOf(conflict.other()) ? conflict.one() : conflict.other();
            GenericKubernetesResource object = byName.get(younger.name());
            if (good.remove(younger) && object != null) {
                complaints.about(kind, object, conflict.message());
                verdicts.add(Verdict.refused(kind, object, "Conflicted", conflict.message()));
            }
        }
        for (LatencySlo slo : good) {
            GenericKubernetesResource object = byName.get(slo.name());
            Known one = next.get(slo.name());
            if (object != null && one != null && one.problems().isEmpty()) {
                verdicts.add(Verdict.accepted(kind, object));
            }
        }
        return new Read(List.copyOf(good), List.copyOf(verdicts));
    }

    private static boolean concerns(LatencySlo slo, String pool) {
        return slo.selector().pool().isEmpty() || slo.selector().pool().equals(pool);
    }

    private static Known known(GenericKubernetesResource object, @Nullable Known before) {
        ObjectMeta metadata = object.getMetadata();
        String generation = metadata.getUid() + " "
                + (metadata.getGeneration() == null ? metadata.getResourceVersion() : metadata.getGeneration());
        if (before != null && before.generation().equals(generation)) {
            return before;
        }
        String document = "LatencySLO " + metadata.getName();
        SloReading reading = SloReading.of(document, text(object));
        List<LatencySlo> last = before != null && before.generation().startsWith(metadata.getUid() + " ")
                ? before.lastGood()
                : List.of();
        return new Known(
                generation,
                reading.problems().stream()
                        .map(problem -> problem.replace(document + " line 1: ", ""))
                        .toList(),
                reading.problems().isEmpty() ? reading.slos() : last);
    }

    /** One line of JSON, which is YAML. */
    private static String text(GenericKubernetesResource object) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", ApiKind.LATENCY_SLO.groupVersion());
        document.put("kind", ApiKind.LATENCY_SLO.kind());
        document.put("metadata", Map.of("name", object.getMetadata().getName()));
        document.put(
                "spec",
                Objects.requireNonNullElse(object.getAdditionalProperties().get("spec"), Map.of()));
        return Serialization.asJson(document);
    }
}
