package dev.presage.router.discovery.kubernetes;

import dev.presage.router.discovery.DiscoveryListener;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The connection to the API server: where it is, how patient it is, and its threads, which {@link #close} ends. */
public final class ApiClient implements AutoCloseable {
    /** Watches are opened and lists made again after this, doubling to 32 times as much. */
    private static final int RECONNECT_MILLIS = 250;

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final KubernetesClient client;
    private final ExecutorService tasks;

    private ApiClient(KubernetesClient client, ExecutorService tasks) {
        this.client = client;
        this.tasks = tasks;
    }

    /**
     * Finds the server as every client does: the file given, {@code KUBECONFIG}, the pod's service account, {@code ~/.kube/config}.
     * Connects to nothing yet.
     */
    public static ApiClient of(@Nullable Path kubeconfig, DiscoveryListener listener) {
        return of(
                kubeconfig == null ? Config.autoConfigure(null) : Config.fromKubeconfig(kubeconfig.toFile()), listener);
    }

    static ApiClient of(Config config, DiscoveryListener listener) {
        Config patient = new ConfigBuilder(config)
                .withWatchReconnectInterval(RECONNECT_MILLIS)
                .withRequestRetryBackoffLimit(0)
                .withRequestTimeout(TIMEOUT_MILLIS)
                .withConnectionTimeout(CONNECT_TIMEOUT_MILLIS)
                .build();
        ExecutorService tasks = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("presage-kubernetes-", 0).factory());
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(patient)
                .withTaskExecutor(tasks)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("presage-watches", new Watches(listener)))
                .build();
        return new ApiClient(client, tasks);
    }

    KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        tasks.shutdownNow();
    }

    /** Sees every opening of a watch; all but the first of a resource follow a disconnect. */
    private static final class Watches implements Interceptor {
        private static final Pattern RESOURCE = Pattern.compile(".*/([a-z]+)");

        private final DiscoveryListener listener;
        private final Set<String> opened = ConcurrentHashMap.newKeySet();

        Watches(DiscoveryListener listener) {
            this.listener = listener;
        }

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            String query = request.uri().getQuery();
            Matcher path = RESOURCE.matcher(request.uri().getPath());
            if (query != null && query.contains("watch=true") && path.matches()) {
                if (!opened.add(request.uri().getPath())) {
                    listener.disconnected(path.group(1));
                }
            }
        }
    }
}
