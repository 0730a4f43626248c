package dev.presage.router.discovery.kubernetes;

import dev.presage.router.discovery.DiscoveryListener;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An API server in this process: what is put can be listed and watched over WebSockets, and single requests can be answered from a
 * recording instead.
 */
public final class ApiServer implements AutoCloseable {
    public static final String NAMESPACE = "team";

    /** It logs every request; kept here because loggers are held weakly. */
    private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");

    static {
        REQUESTS.setLevel(Level.OFF);
    }

    private final KubernetesMockServer server;
    private final KubernetesClient client;

    public ApiServer() {
        this(0);
    }

    public ApiServer(int port) {
        Map<ServerRequest, Queue<ServerResponse>> recordings = new ConcurrentHashMap<>();
        server = new KubernetesMockServer(
                new Context(Serialization.jsonMapper()),
                new MockWebServer(),
                recordings,
                new KubernetesMixedDispatcher(recordings),
                false);
        server.init(InetAddress.getLoopbackAddress(), port);
        client = server.createClient();
    }

    public int port() {
        return server.getPort();
    }

    public KubernetesMockServer recordings() {
        return server;
    }

    public KubernetesClient client() {
        return client;
    }

    static Config config(int port) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + port + "/")
                .withHttp2Disable(true)
                .build();
    }

    ApiClient connect(DiscoveryListener listener) {
        return ApiClient.of(config(port()), listener);
    }

    /** The custom resource definitions of these kinds are installed. */
    ApiServer serve(ApiKind... kinds) {
        for (ApiKind kind : kinds) {
            server.expectCustomResource(new CustomResourceDefinitionContext.Builder()
                    .withGroup(kind.group())
                    .withVersion(kind.version())
                    .withPlural(kind.plural())
                    .withKind(kind.kind())
                    .withScope("Namespaced")
                    .withStatusSubresource(true)
                    .build());
        }
        return this;
    }

    /** InferencePools of the current group are served. */
    public ApiServer servePools() {
        return serve(ApiKind.POOL);
    }

    /** Objectives and rewrites of the current group are served. */
    public ApiServer serveRules() {
        return serve(ApiKind.OBJECTIVES.getFirst(), ApiKind.REWRITES.getFirst());
    }

    /** An objective of the pool. */
    public ApiServer objective(String name, int priority) {
        return put(
                ApiKind.OBJECTIVES.getFirst(),
                "metadata: {name: " + name + "}\nspec: {priority: " + priority + ", poolRef: {name: chat}}\n");
    }

    /** A rewrite of the pool from one model to another. */
    public ApiServer rewrite(String name, String model, String target) {
        return put(
                ApiKind.REWRITES.getFirst(),
                "metadata: {name: " + name + "}\nspec: {poolRef: {name: chat}, rules: [{matches: [{model: {value: "
                        + model + "}}], targets: [{modelRewrite: " + target + "}]}]}\n");
    }

    /** Creates the object or replaces it. */
    ApiServer put(ApiKind kind, String yaml) {
        GenericKubernetesResource object = Serialization.unmarshal("---\n" + yaml, GenericKubernetesResource.class);
        object.setApiVersion(kind.groupVersion());
        object.setKind(kind.kind());
        object.getMetadata().setNamespace(NAMESPACE);
        Resource<GenericKubernetesResource> place = client.genericKubernetesResources(kind.context())
                .inNamespace(NAMESPACE)
                .resource(object);
        while (true) {
            try {
                place.createOr(NonDeletingOperation::update);
                return this;
            } catch (KubernetesClientException e) {
                // A router has written the status meanwhile.
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
            }
        }
    }

    void status(ApiKind kind, String name, String json) {
        at(kind, name).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    ApiServer delete(ApiKind kind, String name) {
        at(kind, name).delete();
        return this;
    }

    @Nullable
    GenericKubernetesResource get(ApiKind kind, String name) {
        return at(kind, name).get();
    }

    private Resource<GenericKubernetesResource> at(ApiKind kind, String name) {
        return client.genericKubernetesResources(kind.context())
                .inNamespace(NAMESPACE)
                .withName(name);
    }

    public ApiServer pod(String name, String ip) {
        return pod(name, ip, "True", "");
    }

    /** A pod with the label {@code app: llm}; more metadata as lines of YAML. */
    public ApiServer pod(String name, String ip, String ready, String metadata) {
        return put(ApiKind.POD, """
                metadata:
                  name: %s
                  labels: {app: llm, llm-d.ai/role: decode}
                %sspec:
                  containers: [{name: vllm, image: vllm}]
                status:
                  podIP: %s
                  conditions:
                  - {type: Initialized, status: "True"}
                  - {type: Ready, status: "%s"}
                """.formatted(name, metadata.indent(2), ip, ready));
    }

    public ApiServer pool(String selector, int... ports) {
        List<String> numbers = new ArrayList<>();
        for (int port : ports) {
            numbers.add("{number: " + port + "}");
        }
        return put(ApiKind.POOL, """
                metadata: {name: chat}
                spec:
                  selector: {matchLabels: %s}
                  targetPorts: %s
                  endpointPickerRef: {name: epp, port: {number: 9002}}
                """.formatted(selector, numbers));
    }

    /** The requests made so far and not yet asked for, as {@code METHOD path}. */
    public List<String> requests() throws InterruptedException {
        List<String> requests = new ArrayList<>();
        RecordedRequest next = server.takeRequest(0, TimeUnit.MILLISECONDS);
        while (next != null) {
            requests.add(next.getMethod() + " " + next.getPath());
            next = server.takeRequest(0, TimeUnit.MILLISECONDS);
        }
        return requests;
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
