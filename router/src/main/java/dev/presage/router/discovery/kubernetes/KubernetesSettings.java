package dev.presage.router.discovery.kubernetes;

import java.time.Duration;

/**
 * What a router asks of Kubernetes.
 *
 * @param namespace of the pool, its pods and its rules
 * @param elects whether one of several routers leads
 * @param identity this router among them
 * @param warmStandby whether a router that does not lead knows the pool's endpoints
 * @param rediscovery longest time until a custom resource definition that appears is noticed
 */
public record KubernetesSettings(
        String namespace, PoolSource pool, boolean elects, String identity, boolean warmStandby, Duration rediscovery) {
    private static final Duration REDISCOVERY = Duration.ofSeconds(15);

    public KubernetesSettings {
        if (namespace.isBlank()) {
            throw new IllegalArgumentException("--pool-namespace must not be blank");
        }
        if (identity.isBlank()) {
            throw new IllegalArgumentException("identity of a router must not be blank");
        }
        if (!rediscovery.isPositive()) {
            throw new IllegalArgumentException("rediscovery " + rediscovery + " must be positive");
        }
    }

    public static KubernetesSettings of(String namespace, PoolSource pool, boolean elects, String identity) {
        return new KubernetesSettings(namespace, pool, elects, identity, true, REDISCOVERY);
    }

    /** The same, but a router that has not led yet knows no endpoints and scrapes none. */
    public KubernetesSettings coldStandby() {
        return new KubernetesSettings(namespace, pool, elects, identity, false, rediscovery);
    }

    /** The Lease that routers of the same pool compete for, in the pool's namespace. */
    String leaseName() {
        return "epp-" + namespace + "-" + pool.name() + ".llm-d.ai";
    }
}
