package dev.presage.testbed.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.cli.Presage;
import dev.presage.router.config.RouterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart over a matrix of values: every object fits its schema, every container's arguments are ones that the command line
 * takes, and every configuration is one that the router reads. The objects of the kustomize base and of the examples too.
 */
class HelmChartIT {
    private static final String CHART = "deploy/helm/presage";
    private static final String MATCH = "inferencePool.modelServers.matchLabels.app=llm";
    private static final String OURS = "registry.example/presage/presage:";

    @TempDir
    Path directory;

    static Stream<List<String>> matrix() {
        return Stream.of(
                List.of(),
                List.of(
                        "inferenceExtension.replicas=3",
                        "networkPolicy.enabled=true",
                        "store.tokenSecret=mine",
                        "store.tlsSecret=mine-tls"),
                List.of("inferenceExtension.replicas=2", "inferenceExtension.leaderElection=true"),
                List.of("inferenceExtension.replicas=2", "inferenceExtension.flags.ha-enable-leader-election=true"),
                List.of("learning.enabled=false", "provider.name=istio", "networkPolicy.enabled=true"),
                List.of(
                        "kafka.mode=external",
                        "kafka.external.bootstrapServers=a:9092\\,b:9092",
                        "kafka.external.propertiesSecret=kafka",
                        "networkPolicy.enabled=true",
                        "networkPolicy.gatewayPeers[0].podSelector.matchLabels.gateway=inference"),
                List.of(
                        "inferencePool.create=false",
                        "inferencePool.targetPorts[0].number=8000",
                        "inferencePool.targetPorts[1].number=8001",
                        "provider.name=none"),
                List.of(
                        "inferenceExtension.tls.mode=certManager",
                        "inferenceExtension.tls.issuerRef.name=ca",
                        "inferenceExtension.tls.issuerRef.kind=ClusterIssuer",
                        "inferenceExtension.trustedKeysSecret=keys"),
                List.of("inferenceExtension.tls.mode=secret", "inferenceExtension.tls.secretName=mine"),
                List.of(
                        "inferenceExtension.monitoring.prometheus.enabled=true",
                        "inferenceExtension.monitoring.rules.enabled=true",
                        "inferenceExtension.monitoring.dashboards.enabled=true",
                        "inferenceExtension.autoscaling.enabled=true"),
                List.of(
                        "inferenceExtension.autoscaling.enabled=true",
                        "inferenceExtension.autoscaling.keda.enabled=true",
                        "inferenceExtension.monitoring.prometheus.auth.enabled=false"),
                List.of(
                        "provider.name=gke",
                        "inferencePool.modelServerType=sglang",
                        "inferenceObjectives[0].name=interactive",
                        "inferenceObjectives[0].priority=10",
                        "inferenceObjectiveApiVersion=inference.networking.x-k8s.io/v1alpha2",
                        "inferenceExtension.tracing.enabled=true",
                        "inferenceExtension.flags.drain-timeout=60s",
                        "inferenceExtension.flags.v=4",
                        "inferenceExtension.env[0].name=LATENCY_MAX_SAMPLE_SIZE",
                        "inferenceExtension.env[0].value=many"));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void everyObjectIsValid(List<String> values) throws Exception {
        String rendered = rendered(values).succeeded();
        conforms(Files.writeString(directory.resolve("rendered.yaml"), rendered));
        List<Map<?, ?>> objects = Yaml.documents(rendered);
        assertTrue(objects.size() >= 6, rendered);
        int commands = 0;
        for (Map<?, ?> container : containers(objects)) {
            if (String.valueOf(container.get("image")).startsWith(OURS)) {
                String[] arguments = Yaml.list(container.get("args")).toArray(String[]::new);
                Presage.commandLine().parseArgs(arguments);
                commands++;
            }
        }
        assertEquals(values.contains("learning.enabled=false") ? 1 : 4, commands, rendered);
        for (Map<?, ?> object : objects) {
            if ("ConfigMap".equals(object.get("kind")) && !rendered.contains("dashboard")) {
                for (Object text : ((Map<?, ?>) object.get("data")).values()) {
                    RouterConfig.parse("rendered", String.valueOf(text), false);
                }
            }
        }
    }

    @Test
    void theChartIsClean() throws Exception {
        String said = DeployTools.run(
                        "helm", List.of("lint", "--strict", CHART, "--kube-version", "1.34.0", "--set", MATCH))
                .succeeded();
        assertTrue(said.contains("0 chart(s) failed"), said);
    }

    /** What is wrong is said with the value's name, before anything is sent to a cluster. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "inferenceExtension.replicas=two -> at '/inferenceExtension/replicas': got string, want integer",
                "inferenceExtension.replica=2 -> additional properties 'replica' not allowed",
                "kafka.mode=none -> at '/kafka/mode': value must be one of 'single', 'external'",
                "kafka.mode=external -> kafka.external.bootstrapServers: required with kafka.mode=external",
                "inferenceExtension.tls.mode=secret -> inferenceExtension.tls.secretName: required",
                "inferenceExtension.tls.mode=certManager -> inferenceExtension.tls.issuerRef.name: required",
                "inferenceExtension.flags.grpc-port=1 -> the chart sets --grpc-port itself",
                "inferenceExtension.pluginsCustomConfig.a=b -> default-plugins.yaml is not among the keys of",
                "inferenceExtension.env[0].value=1 -> at '/inferenceExtension/env/0/value': got number, want string",
                "router.epp.replicas=2 -> router.epp is inferenceExtension",
                "inferencePool.targetPorts[0].number=0 -> at '/inferencePool/targetPorts/0/number': minimum: got 0, want 1"
            })
    void whatIsWrongIsNamed(String line) throws Exception {
        String[] sides = line.split(" -> ");
        DeployTools.Result result = rendered(List.of(sides[0]));
        assertFalse(result.status() == 0, result.output());
        assertTrue(result.output().contains(sides[1]), result.output());
    }

    /** One set of permissions, for those who bind it to an account of their own and for the chart's account. */
    @Test
    void theRouterMayDoWhatTheExampleSays() throws Exception {
        List<Map<?, ?>> chart = Yaml.documents(
                rendered(List.of("inferenceExtension.leaderElection=true")).succeeded());
        List<Map<?, ?>> example = Yaml.documents(Files.readString(DeployTools.DEPLOY.resolve("examples/rbac.yaml")));
        for (String kind : List.of("Role", "ClusterRole")) {
            assertEquals(rules(kind, example), rules(kind, chart));
        }
    }

    @Test
    void theKustomizeBaseIsTheChartAsItComes() throws Exception {
        String rendered = DeployTools.run(
                        "helm",
                        List.of(
                                "template",
                                "presage",
                                CHART,
                                "-n",
                                "presage",
                                "--kube-version",
                                "1.34.0",
                                "--set",
                                "inferencePool.modelServers.matchLabels.app=model-server,store.tokenSecret=presage-store-token,store.tlsSecret=presage-store-tls"))
                .succeeded();
        Path base = DeployTools.DEPLOY.resolve("kustomize/base/presage.yaml");
        if (Boolean.getBoolean("presage.update")) {
            Files.writeString(base, rendered);
        }
        assertEquals(Files.readString(base), rendered, "render it again: -Dpresage.update=true");
        conforms(base);
    }

    @Test
    void theExamplesAreValid() throws Exception {
        try (Stream<Path> files = Files.walk(DeployTools.DEPLOY.resolve("examples"))) {
            List<Path> manifests = files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> isManifest(file))
                    .toList();
            assertTrue(manifests.size() >= 7, manifests.toString());
            for (Path manifest : manifests) {
                conforms(manifest);
            }
        }
    }

    private static boolean isManifest(Path file) {
        try {
            String text = Files.readString(file);
            return text.contains("apiVersion:") && !text.contains("kind: EndpointPickerConfig");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static DeployTools.Result rendered(List<String> values) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("template", "chat", CHART, "-n", "llm", "--kube-version", "1.34.0", "--set", MATCH));
        values.forEach(value -> arguments.addAll(List.of("--set", value)));
        return DeployTools.run("helm", arguments);
    }

    private static void conforms(Path manifest) throws Exception {
        String said = DeployTools.run(
                        "kubeconform",
                        List.of(
                                "-strict",
                                "-summary",
                                "-schema-location",
                                DeployTools.schemas() + "/{{ .ResourceKind }}{{ .KindSuffix }}.json",
                                "-schema-location",
                                DeployTools.DEPLOY + "/schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json",
                                manifest.toString()))
                .succeeded();
        assertTrue(said.contains("Invalid: 0, Errors: 0, Skipped: 0"), said);
    }

    private static List<Map<?, ?>> containers(List<Map<?, ?>> objects) {
        List<Map<?, ?>> containers = new ArrayList<>();
        for (Map<?, ?> object : objects) {
            if (Yaml.at(object, "spec", "template", "spec", "containers") instanceof List<?> list) {
                list.forEach(container -> containers.add((Map<?, ?>) container));
            }
        }
        return containers;
    }

    private static List<Object> rules(String kind, List<Map<?, ?>> objects) {
        List<Object> rules = new ArrayList<>();
        objects.stream()
                .filter(object -> kind.equals(object.get("kind")))
                .forEach(object -> rules.addAll((List<?>) object.get("rules")));
        return rules;
    }
}
