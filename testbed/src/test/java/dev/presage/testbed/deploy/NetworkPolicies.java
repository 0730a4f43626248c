package dev.presage.testbed.deploy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the NetworkPolicies of a manifest let pass, by Kubernetes' rules: a pod that no policy selects for a direction is open in it, and any
 * rule of any policy that does is enough. Of peers only pod selectors are known.
 */
final class NetworkPolicies {
    private final List<Map<?, ?>> policies;
    private final List<Map<?, ?>> pods;

    NetworkPolicies(List<Map<?, ?>> objects) {
        policies = Chart.of("NetworkPolicy", objects);
        pods = Chart.pods(objects);
    }

    /** Whether a pod with labels {@code from} may open a connection to the port of one with labels {@code to}. */
    boolean pass(Map<?, ?> from, Map<?, ?> to, int port) {
        return open("Egress", "egress", "to", from, to, port) && open("Ingress", "ingress", "from", to, from, port);
    }

    private boolean open(String type, String rules, String peers, Map<?, ?> pod, Map<?, ?> peer, int port) {
        List<Map<?, ?>> those = policies.stream()
                .filter(policy ->
                        Yaml.list(Yaml.at(policy, "spec", "policyTypes")).contains(type))
                .filter(policy -> selects(Yaml.at(policy, "spec", "podSelector", "matchLabels"), pod))
                .toList();
        Map<?, ?> serving = type.equals("Ingress") ? pod : peer;
        return those.isEmpty()
                || those.stream()
                        .flatMap(policy -> Yaml.maps(Yaml.at(policy, "spec", rules)).stream())
                        .anyMatch(rule -> hasPort(rule, serving, port) && hasPeer(rule.get(peers), peer));
    }

    private boolean hasPort(Map<?, ?> rule, Map<?, ?> serving, int port) {
        return Yaml.maps(rule.get("ports")).stream()
                .map(entry -> Yaml.text(entry, "port"))
                .anyMatch(named -> named.equals("" + port)
                        || number(serving, named).map(number -> number == port).orElse(false));
    }

    /** A name is a container's of the pod that serves. */
    private Optional<Integer> number(Map<?, ?> labels, String name) {
        return pods.stream()
                .filter(pod -> labels.equals(Yaml.at(pod, "metadata", "labels")))
                .flatMap(pod -> Yaml.maps(Yaml.at(pod, "spec", "containers")).stream())
                .flatMap(container -> Yaml.maps(container.get("ports")).stream())
                .filter(entry -> name.equals(entry.get("name")))
                .map(entry -> (Integer) entry.get("containerPort"))
                .findFirst();
    }

    private static boolean hasPeer(@Nullable Object peers, Map<?, ?> labels) {
        return peers == null
                || Yaml.maps(peers).stream()
                        .anyMatch(peer -> selects(Yaml.at(peer, "podSelector", "matchLabels"), labels));
    }

    private static boolean selects(@Nullable Object selector, Map<?, ?> labels) {
        return selector instanceof Map<?, ?> wanted && labels.entrySet().containsAll(wanted.entrySet());
    }
}
