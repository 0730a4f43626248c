package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * What the router made of an object that refers to its pool, for the object's {@code Accepted} condition.
 *
 * @param reason in CamelCase, as conditions have it
 */
record Verdict(ApiKind kind, GenericKubernetesResource object, boolean accepted, String reason, String message) {
    static Verdict accepted(ApiKind kind, GenericKubernetesResource object) {
        return new Verdict(kind, object, true, "Accepted", "applied by the endpoint picker");
    }

    static Verdict refused(ApiKind kind, GenericKubernetesResource object, String reason, String message) {
        return new Verdict(kind, object, false, reason, message);
    }
}
