package dev.presage.router.discovery.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.presage.router.slo.SloBook;
import dev.presage.router.slo.SloStanding;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the status of LatencySLOs how they stand, as this router counts: attainment, budget and burn rates, as texts since
 * the API has no fractions. Each object once a minute at most, and only when its figures differ; at most {@value #MAX_WRITES} in
 * a pass. A write that fails is said once and tried again. One thread at a time.
 */
final class SloStatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SloStatusWriter.class);
    private static final int MAX_WRITES = 100;
    private static final int MAX_OBJECTS = 10_000;

    private final KubernetesClient client;
    private final SloBook book;
    private final Cache<String, Boolean> recent;
    private boolean said;

    SloStatusWriter(KubernetesClient client, SloBook book, Duration between) {
        this.client = client;
        this.book = book;
        recent = Caffeine.newBuilder()
                .maximumSize(MAX_OBJECTS)
                .expireAfterWrite(between)
                .build();
    }

    /** For those of {@code verdicts} that are accepted LatencySLOs. */
    void write(List<Verdict> verdicts) {
        Map<String, Verdict> accepted = new LinkedHashMap<>();
        verdicts.stream()
                .filter(verdict -> verdict.accepted() && verdict.kind().equals(ApiKind.LATENCY_SLO))
                .forEach(verdict -> accepted.put(verdict.object().getMetadata().getName(), verdict));
        if (accepted.isEmpty()) {
            return;
        }
        int writes = 0;
        for (SloStanding standing : book.standings()) {
            Verdict verdict = accepted.get(standing.slo().name());
            if (verdict != null && writes < MAX_WRITES && write(verdict, status(standing))) {
                writes++;
            }
        }
    }

    /** Returns whether a write was tried. */
    private boolean write(Verdict verdict, Map<String, Object> wanted) {
        GenericKubernetesResource object = verdict.object();
        String name = object.getMetadata().getName();
        // Conditions come first: an object without a status has not been seen accepted.
        if (!(object.getAdditionalProperties().get("status") instanceof Map<?, ?> status)
                || says(status, wanted)
                || recent.getIfPresent(name) != null) {
            return false;
        }
        recent.put(name, true);
        try {
            client.genericKubernetesResources(verdict.kind().context())
                    .inNamespace(object.getMetadata().getNamespace())
                    .resource(object)
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON), patch(object, wanted));
        } catch (KubernetesClientException e) {
            if (!said) {
                said = true;
                LOG.warn("cannot write how LatencySLO {} stands, nothing depends on it: {}", name, e.getMessage());
            }
        }
        return true;
    }

    private static String patch(GenericKubernetesResource object, Map<String, Object> wanted) {
        List<Map<String, Object>> operations = new ArrayList<>();
        operations.add(Map.of(
                "op",
                "test",
                "path",
                "/metadata/resourceVersion",
                "value",
                object.getMetadata().getResourceVersion()));
        wanted.forEach(
                (field, value) -> operations.add(Map.of("op", "add", "path", "/status/" + field, "value", value)));
        return Serialization.asJson(operations);
    }

    private static boolean says(Map<?, ?> status, Map<String, Object> wanted) {
        return wanted.entrySet().stream()
                .allMatch(field ->
                        Objects.equals(String.valueOf(status.get(field.getKey())), String.valueOf(field.getValue())));
    }

    /** Percent, and rates for windows with requests enough. */
    private static Map<String, Object> status(SloStanding standing) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("attainment", text("%.3f", 100 * standing.attainment()));
        status.put("errorBudgetRemaining", text("%.1f", 100 * standing.budgetLeft()));
        Map<String, Object> rates = new LinkedHashMap<>();
        for (SloStanding.Burn burn : standing.burns()) {
            if (burn.enough()) {
                rates.put(burn.window().label(), text("%.2f", burn.rate()));
            }
        }
        status.put("burnRates", rates);
        status.put("requests", standing.window().requests());
        status.put("badRequests", standing.window().bad());
        status.put("observedSince", standing.since().toString());
        return status;
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
