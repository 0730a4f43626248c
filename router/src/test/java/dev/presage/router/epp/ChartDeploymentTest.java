package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.discovery.kubernetes.ApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The router's container of the chart as it comes ({@code deploy/kustomize/base}), with its arguments and files, becomes ready and routes. Kafka
 * and the store are names that nobody knows here: a router does without.
 */
class ChartDeploymentTest {
    private static final Path BASE = Path.of("../deploy/kustomize/base/presage.yaml");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void theRoutersContainerRoutes() throws Exception {
        List<Object> objects = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(BASE))
                .forEach(objects::add);
        Object container =
                ((List<?>) at(named(objects, "Deployment"), "spec", "template", "spec", "containers")).getFirst();
        mount(objects);
        List<String> arguments = new ArrayList<>();
        for (Object argument : (List<?>) at(container, "args")) {
            arguments.add(
                    String.valueOf(argument).replaceFirst("=(/config|/data|/etc)(/|$)", "=" + directory + "$1$2"));
        }
        assertEquals("epp", arguments.removeFirst());
        assertTrue(arguments.contains("--pool-name=presage"), arguments.toString());
        assertTrue(at(container, "env").toString().contains("name=NAMESPACE"), "the default of --pool-namespace");

        try (ApiServer server = new ApiServer()) {
            server.servePools().pool("{app: llm}", 8000).pod("a", "10.0.0.1");
            arguments.addAll(List.of(
                    "--pool-name=chat", // the pool of the server here
                    "--pool-namespace=" + ApiServer.NAMESPACE,
                    "--kubeconfig=" + LlmdDeploymentTest.kubeconfig(directory, server)));
            EppServerTest.Flags flags = EppServerTest.Flags.of(arguments.toArray(String[]::new));
            try (EppServer router = EppServer.start(flags.serving, flags.fleet, flags.observe)) {
                LlmdDeploymentTest.await(router);
                assertTrue(EppServerTest.get(router).hasRequestHeaders());
            }
        }
    }

    /** What its volumes hold. */
    private void mount(List<Object> objects) throws Exception {
        Path config = Files.createDirectory(directory.resolve("config"));
        for (Map.Entry<?, ?> file : ((Map<?, ?>) at(named(objects, "ConfigMap"), "data")).entrySet()) {
            Files.writeString(config.resolve(String.valueOf(file.getKey())), String.valueOf(file.getValue()));
        }
        Path authority = Files.createDirectories(directory.resolve("etc/presage/store-ca"));
        GatewayCertificate.write(authority);
        Files.move(authority.resolve("tls.crt"), authority.resolve("ca.crt"));
    }

    /** The router's object of a kind. */
    private static Object named(List<Object> objects, String kind) {
        return objects.stream()
                .filter(object ->
                        kind.equals(at(object, "kind")) && "presage-epp".equals(at(object, "metadata", "name")))
                .findFirst()
                .orElseThrow();
    }

    private static Object at(Object from, String... keys) {
        Object node = from;
        for (String key : keys) {
            node = Objects.requireNonNull(((Map<?, ?>) node).get(key), key);
        }
        return node;
    }
}
