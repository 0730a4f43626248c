package dev.presage.router.discovery.kubernetes;

import dev.presage.router.pool.ModelRewrite;
import dev.presage.router.pool.PoolRules;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the objects that refer to one pool into rules, and has a verdict on each. Objects of other pools are passed over; one that
 * cannot be read is left out. Used for one reading, by one thread.
 */
final class RulesReader {
    private static final int MAX_WEIGHT = 1_000_000;
    /** Oldest first, as the contract ranks rewrites; names decide between those of the same second. */
    static final Comparator<GenericKubernetesResource> BY_AGE = Comparator.<GenericKubernetesResource, String>comparing(
                    object -> orEmpty(object.getMetadata().getCreationTimestamp()))
            .thenComparing(object -> orEmpty(object.getMetadata().getName()));

    private final String pool;
    private final String poolGroup;
    private final Complaints complaints;
    private final Map<String, Integer> priorities = new HashMap<>();
    private final Map<String, Integer> modelPriorities = new HashMap<>();
    private final List<ModelRewrite> rewrites = new ArrayList<>();
    private final Set<String> adapters = new HashSet<>();
    private final List<Verdict> verdicts = new ArrayList<>();

    RulesReader(String pool, String poolGroup, Complaints complaints) {
        this.pool = pool;
        this.poolGroup = poolGroup;
        this.complaints = complaints;
    }

    void objectives(ApiKind kind, List<GenericKubernetesResource> objects) {
        read(kind, objects, Set.of(poolGroup), (object, spec) -> {
            int priority = spec.optionalInteger("priority", Integer.MIN_VALUE, Integer.MAX_VALUE)
                    .orElse(0);
            priorities.put(name(object), priority);
            return Verdict.accepted(kind, object);
        });
    }

    void rewrites(ApiKind kind, List<GenericKubernetesResource> objects) {
        read(kind, objects, Set.of(poolGroup), (object, spec) -> {
            List<ModelRewrite.Rule> rules =
                    spec.objects("rules").stream().map(RulesReader::rule).toList();
            rewrites.add(new ModelRewrite(name(object), rules));
            return Verdict.accepted(kind, object);
        });
    }

    /** InferenceModels come after rewrites: what was written for the newer API decides. Its pools are known by either group. */
    void models(ApiKind kind, List<GenericKubernetesResource> objects) {
        Set<String> groups = Set.of(ApiKind.POOL_GROUP, ApiKind.OLD_POOL_GROUP);
        read(kind, objects, groups, (object, spec) -> {
            String model = spec.text("modelName");
            if (modelPriorities.containsKey(model)) {
                return Verdict.refused(
                        kind, object, "ModelNameInUse", "an older InferenceModel has modelName " + model);
            }
            List<ModelRewrite.Target> targets = spec.objects("targetModels").stream()
                    .map(target -> target(target, "name"))
                    .toList();
            int priority = priority(spec);
            modelPriorities.put(model, priority);
            priorities.putIfAbsent(name(object), priority);
            targets.stream()
                    .map(ModelRewrite.Target::model)
                    .filter(name -> !name.equals(model))
                    .forEach(adapters::add);
            if (!targets.isEmpty()) {
                rewrites.add(new ModelRewrite(name(object), List.of(new ModelRewrite.Rule(Set.of(model), targets))));
            }
            return Verdict.accepted(kind, object);
        });
    }

    PoolRules rules() {
        return new PoolRules(priorities, rewrites, modelPriorities, adapters);
    }

    List<Verdict> verdicts() {
        return List.copyOf(verdicts);
    }

    private interface Reading {
        Verdict read(GenericKubernetesResource object, Fields spec);
    }

    private void read(ApiKind kind, List<GenericKubernetesResource> objects, Set<String> groups, Reading reading) {
        List<GenericKubernetesResource> named = objects.stream()
                .filter(object -> object.getMetadata() != null)
                .sorted(BY_AGE)
                .toList();
        for (GenericKubernetesResource object : named) {
            boolean ours = false;
            try {
                Fields spec = Fields.of(object).object("spec");
                ours = refersToPool(spec.object("poolRef"), groups);
                if (ours) {
                    verdicts.add(reading.read(object, spec));
                }
            } catch (MalformedObjectException | IllegalArgumentException e) {
                String problem = String.valueOf(e.getMessage());
                complaints.about(kind, object, problem);
                if (ours) {
                    verdicts.add(Verdict.refused(kind, object, "Invalid", problem));
                }
            }
        }
    }

    private boolean refersToPool(Fields reference, Set<String> groups) {
        return reference.text("name").equals(pool)
                && reference.optionalText("group").map(groups::contains).orElse(true);
    }

    private static ModelRewrite.Rule rule(Fields rule) {
        Set<String> models = rule.objects("matches").stream()
                .map(match -> match.optionalObject("model"))
                .flatMap(Optional::stream)
                .map(RulesReader::exactModel)
                .collect(Collectors.toUnmodifiableSet());
        List<ModelRewrite.Target> targets = rule.objects("targets").stream()
                .map(target -> target(target, "modelRewrite"))
                .toList();
        if (targets.isEmpty()) {
            throw rule.error("targets", "must not be empty");
        }
        return new ModelRewrite.Rule(models, targets);
    }

    private static String exactModel(Fields model) {
        String type = model.optionalText("type").orElse("Exact");
        if (!type.equals("Exact")) {
            throw model.error("type", "must be Exact, is " + type);
        }
        return model.text("value");
    }

    private static ModelRewrite.Target target(Fields target, String field) {
        return new ModelRewrite.Target(target.text(field), target.optionalInteger("weight", 1, MAX_WEIGHT));
    }

    private static int priority(Fields spec) {
        String criticality = spec.optionalText("criticality").orElse("Standard");
        return switch (criticality) {
            case "Critical" -> 1;
            case "Standard" -> 0;
            case "Sheddable" -> -1;
            default -> throw spec.error("criticality", "must be Critical, Standard or Sheddable, is " + criticality);
        };
    }

    private static String name(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        if (metadata.getName() == null) {
            throw new MalformedObjectException("metadata.name is missing");
        }
        return metadata.getName();
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
