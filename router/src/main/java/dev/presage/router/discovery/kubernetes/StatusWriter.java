package dev.presage.router.discovery.kubernetes;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@code Accepted} condition of the objects that the router applies. Writes only what differs; a write that fails is said
 * once and tried again after a while, and nothing depends on it. One thread at a time.
 */
final class StatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final String ACCEPTED = "Accepted";
    private static final int MAX_OBJECTS = 10_000;
    private static final Duration BEFORE_NEXT_TRY = Duration.ofMinutes(1);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Cache<String, Verdict> failed = Caffeine.newBuilder()
            .maximumSize(MAX_OBJECTS)
            .expireAfterWrite(BEFORE_NEXT_TRY)
            .build();
    private boolean said;

    StatusWriter(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    void write(List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            String key = verdict.kind().kind() + " "
                    + verdict.object().getMetadata().getName() + " "
                    + verdict.object().getMetadata().getResourceVersion();
            if (failed.getIfPresent(key) == null) {
                try {
                    write(verdict);
                } catch (KubernetesClientException e) {
                    failed.put(key, verdict);
                    complain(verdict, e);
                }
            }
        }
    }

    private void write(Verdict verdict) {
        GenericKubernetesResource object = verdict.object();
        List<Map<String, Object>> conditions = conditions(object);
        Map<String, Object> wanted = wanted(verdict);
        Optional<Map<String, Object>> known = conditions.stream()
                .filter(condition -> ACCEPTED.equals(condition.get("type")))
                .findFirst();
        if (known.isPresent() && says(known.get(), wanted)) {
            return;
        }
        boolean sameStatus = known.isPresent() && Objects.equals(known.get().get("status"), wanted.get("status"));
        Object since = sameStatus ? known.get().get("lastTransitionTime") : null;
        wanted.put(
                "lastTransitionTime",
                since == null ? clock.instant().truncatedTo(ChronoUnit.SECONDS).toString() : since);
        conditions.removeIf(condition -> ACCEPTED.equals(condition.get("type")));
        conditions.add(wanted);
        client.genericKubernetesResources(verdict.kind().context())
                .inNamespace(object.getMetadata().getNamespace())
                .resource(object)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON), patch(object, conditions));
    }

    /** The whole list in place of the one that was read: refused by the server if the object has changed since. */
    private static String patch(GenericKubernetesResource object, List<Map<String, Object>> conditions) {
        Map<String, Object> unchanged = Map.of(
                "op",
                "test",
                "path",
                "/metadata/resourceVersion",
                "value",
                object.getMetadata().getResourceVersion());
        Map<String, Object> write = object.getAdditionalProperties().get("status") instanceof Map<?, ?>
                ? Map.of("op", "add", "path", "/status/conditions", "value", conditions)
                : Map.of("op", "add", "path", "/status", "value", Map.of("conditions", conditions));
        return Serialization.asJson(List.of(unchanged, write));
    }

    /** The conditions that the object has, in copies; what is no condition is not kept. */
    private static List<Map<String, Object>> conditions(GenericKubernetesResource object) {
        List<Map<String, Object>> conditions = new ArrayList<>();
        if (object.getAdditionalProperties().get("status") instanceof Map<?, ?> status
                && status.get("conditions") instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> condition) {
                    Map<String, Object> copy = new LinkedHashMap<>();
                    condition.forEach((key, value) -> copy.put(String.valueOf(key), value));
                    conditions.add(copy);
                }
            }
        }
        return conditions;
    }

    private static Map<String, Object> wanted(Verdict verdict) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("type", ACCEPTED);
        wanted.put("status", verdict.accepted() ? "True" : "False");
        wanted.put("reason", verdict.reason());
        wanted.put("message", verdict.message());
        Long generation = verdict.object().getMetadata().getGeneration();
        if (generation != null) {
            wanted.put("observedGeneration", generation);
        }
        return wanted;
    }

    private static boolean says(Map<String, Object> known, Map<String, Object> wanted) {
        return wanted.entrySet().stream()
                .allMatch(field ->
                        Objects.equals(String.valueOf(known.get(field.getKey())), String.valueOf(field.getValue())));
    }

    private void complain(Verdict verdict, KubernetesClientException cause) {
        if (!said) {
            said = true;
            LOG.warn(
                    "cannot write the status of {} {}, routing is not affected: {}",
                    verdict.kind().kind(),
                    verdict.object().getMetadata().getName(),
                    cause.getMessage());
        }
    }
}
