package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which of the kinds that matter the API server has now: custom resources come and go while a router runs. */
record ServedKinds(Set<ApiKind> kinds) {
    ServedKinds {
        kinds = Set.copyOf(kinds);
    }

    /**
     * Asks once per group version.
     *
     * @throws KubernetesClientException if the server does not answer
     */
    static ServedKinds ask(KubernetesClient client, Collection<ApiKind> candidates) {
        Map<String, Set<String>> plurals = new HashMap<>();
        Set<ApiKind> served = new HashSet<>();
        for (ApiKind kind : candidates) {
            if (plurals.computeIfAbsent(kind.groupVersion(), group -> plurals(client, group))
                    .contains(kind.plural())) {
                served.add(kind);
            }
        }
        return new ServedKinds(served);
    }

    private static Set<String> plurals(KubernetesClient client, String groupVersion) {
        try {
            APIResourceList list = client.getApiResources(groupVersion);
            return list == null || list.getResources() == null
                    ? Set.of()
                    : list.getResources().stream().map(APIResource::getName).collect(Collectors.toSet());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Set.of();
            }
            throw e;
        }
    }
}
