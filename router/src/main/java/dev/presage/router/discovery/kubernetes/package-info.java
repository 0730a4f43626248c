/**
 * Endpoints, objectives and model rewrites from a Kubernetes API server, and who of several routers leads. Everything is
 * watched and read as plain fields, so that one bad object costs that object and an absent server costs news only: what is
 * known stays. Depends on the discovery, fleet, pool and metrics packages and on fabric8's client. Start at {@link
 * dev.presage.router.discovery.kubernetes.KubernetesDiscovery}.
 */
@NullMarked
package dev.presage.router.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
