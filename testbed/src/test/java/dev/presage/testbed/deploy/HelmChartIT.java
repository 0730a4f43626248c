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
                        "inferenceExtension.env[0].value=many"),
                List.of(
                        "provider.name=istio",
                        "provider.istio.destinationRule.host=picker.example",
                        "provider.istio.destinationRule.trafficPolicy.connectionPool.http.maxRequestsPerConnection=256000",
                        "experimentalHttpRoute.enabled=true",
                        "experimentalHttpRoute.inferenceGatewayNamespace=gateways",
                        "experimentalHttpRoute.headerMatches.x-tier=gold",
                        "inferenceExtension.failureMode=FailClose",
                        "inferenceExtension.image.registry=registry.example/presage",
                        "inferenceExtension.image.repository=presage",
                        "inferenceExtension.metricsDataSource.scheme=https",
                        "inferencePool.modelServerProtocol=grpc",
                        "inferenceExtension.extraContainerPorts[0].containerPort=8081",
                        "inferenceExtension.extraServicePorts[0].name=extra",
                        "inferenceExtension.extraServicePorts[0].port=80",
                        "inferenceExtension.extraServicePorts[0].targetPort=8081",
                        "inferenceExtension.volumes[0].name=slo",
                        "inferenceExtension.volumes[0].configMap.name=slo",
                        "inferenceExtension.volumeMounts[0].name=slo",
                        "inferenceExtension.volumeMounts[0].mountPath=/etc/presage/slo",
                        "inferenceExtension.flags.slo-file=/etc/presage/slo/slo.yaml"),
                List.of(
                        "store.s3.bucket=models/presage",
                        "store.s3.region=eu-central-1",
                        "store.s3.credentialsSecret=aws",
                        "store.promotionPolicy.mode=automatic",
                        "store.flags.keep=20",
                        "store.flags.webhook=https://hooks.example/presage",
                        "store.env[0].name=AWS_EC2_METADATA_DISABLED",
                        "store.env[0].value=on",
                        "networkPolicy.enabled=true",
                        "inferenceExtension.tracing.enabled=true",
                        "inferenceExtension.monitoring.prometheus.auth.enabled=false"));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void everyObjectIsValid(List<String> values) throws Exception {
        String rendered = Chart.rendered(values).succeeded();
        Chart.conforms(Files.writeString(directory.resolve("rendered.yaml"), rendered));
        List<Map<?, ?>> objects = Yaml.documents(rendered);
        assertTrue(objects.size() >= 6, rendered);
        int commands = 0;
        for (Map<?, ?> container : Chart.containers(objects)) {
            if (String.valueOf(container.get("image")).startsWith(OURS)) {
                String[] arguments = Yaml.list(container.get("args")).toArray(String[]::new);
                Presage.commandLine().parseArgs(arguments);
                commands++;
            }
        }
        assertEquals(values.contains("learning.enabled=false") ? 1 : 4, commands, rendered);
        for (Map<?, ?> object : objects) {
            if ("ConfigMap".equals(object.get("kind")) && "chat-epp".equals(Yaml.text(object, "metadata", "name"))) {
                for (Object text : ((Map<?, ?>) object.get("data")).values()) {
                    RouterConfig.parse("rendered", String.valueOf(text), false);
                }
            }
        }
    }

    @Test
    void theChartIsClean() throws Exception {
        String said = DeployTools.run(
                        "helm",
                        List.of("lint", "--strict", Chart.PATH, "--kube-version", "1.34.0", "--set", Chart.MATCH))
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
                "inferenceExtension.sidecar.enabled=true -> the chart puts no proxy beside the router",
                "inferenceExtension.monitoring.provider.name=gmp -> only prometheusoperator is made, is gmp",
                "store.s3.bucket=models -> store.s3.region: required with store.s3.bucket",
                "store.s3.region=eu -> store.s3.bucket: required with",
                "store.s3.endpoint=minio:9000 -> at '/store/s3/endpoint': 'minio:9000' does not match pattern",
                "store.flags.dir=/tmp -> store.flags: the chart sets --dir itself",
                "router.epp.replicas=2 -> router.epp is inferenceExtension",
                "inferencePool.targetPorts[0].number=0 -> at '/inferencePool/targetPorts/0/number': minimum: got 0,"
                        + " want 1"
            })
    void whatIsWrongIsNamed(String line) throws Exception {
        String[] sides = line.split(" -> ");
        DeployTools.Result result = Chart.rendered(List.of(sides[0]));
        assertFalse(result.status() == 0, result.output());
        assertTrue(result.output().contains(sides[1]), result.output());
    }

    /** One set of permissions, for those who bind it to an account of their own and for the chart's account. */
    @Test
    void theRouterMayDoWhatTheExampleSays() throws Exception {
        List<Map<?, ?>> chart = Yaml.documents(
                Chart.rendered(List.of("inferenceExtension.leaderElection=true", "learning.enabled=false"))
                        .succeeded());
        List<Map<?, ?>> example = Yaml.documents(Files.readString(DeployTools.DEPLOY.resolve("examples/rbac.yaml")));
        for (String kind : List.of("Role", "ClusterRole")) {
            assertEquals(rules(kind, example), rules(kind, chart));
        }
    }

    /** A values file of llm-d's chart is taken as it is. */
    @Test
    void valuesOfLlmdsChartAreTaken() throws Exception {
        Path values = Path.of("src/test/resources/deploy/llm-d-values.yaml").toAbsolutePath();
        String rendered = Chart.rendered(List.of(), List.of(values)).succeeded();
        Chart.conforms(Files.writeString(directory.resolve("llm-d.yaml"), rendered));
        assertTrue(rendered.contains("image: registry.example/presage/presage:main"), rendered);
    }

    @Test
    void theKustomizeBaseIsTheChartAsItComes() throws Exception {
        String rendered = DeployTools.run(
                        "helm",
                        List.of(
                                "template",
                                "presage",
                                Chart.PATH,
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
        Chart.conforms(base);
    }

    /** The overlay that the base's comment shows moves everything to another namespace and image. */
    @Test
    void theKustomizeBaseCanBePatched() throws Exception {
        Path base = DeployTools.DEPLOY.resolve("kustomize/base");
        StringBuilder overlay = new StringBuilder();
        Files.readAllLines(base.resolve("kustomization.yaml")).stream()
                .filter(line -> line.startsWith("#   "))
                .forEach(line -> overlay.append(line.substring(4)).append('\n'));
        Path team = Files.createDirectory(directory.resolve("team"));
        Files.copy(
                base.resolve("kustomization.yaml"),
                Files.createDirectory(directory.resolve("base")).resolve("kustomization.yaml"));
        Files.copy(base.resolve("presage.yaml"), directory.resolve("base/presage.yaml"));
        Files.writeString(
                team.resolve("kustomization.yaml"),
                overlay.toString()
                        .replace("../../base", "../base")
                        .replaceFirst("newName: \\.\\.\\.", "newName: mine/presage")
                        .replaceFirst("newTag: \\.\\.\\.", "newTag: \"7\""));
        String built = DeployTools.run("kubectl", List.of("kustomize", team.toString()))
                .succeeded();
        Chart.conforms(Files.writeString(directory.resolve("built.yaml"), built));
        List<Map<?, ?>> objects = Yaml.documents(built);
        for (Map<?, ?> object : objects) {
            boolean everywhere = String.valueOf(object.get("kind")).startsWith("ClusterRole");
            assertEquals(everywhere ? "" : "team", Yaml.text(object, "metadata", "namespace"), object.toString());
            for (Map<?, ?> subject : Yaml.maps(object.get("subjects"))) {
                assertEquals("team", subject.get("namespace"), object.toString());
            }
        }
        assertEquals("mine/presage:7", Chart.container(objects, "epp").get("image"));
        assertFalse(built.contains("namespace=presage"), built);
        assertEquals(
                "{app=mine}",
                Yaml.text(Chart.of("InferencePool", objects).getFirst(), "spec", "selector", "matchLabels"));
    }

    @Test
    void theExamplesAreValid() throws Exception {
        try (Stream<Path> files = Files.walk(DeployTools.DEPLOY.resolve("examples"))) {
            List<Path> manifests = files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> isManifest(file))
                    .toList();
            assertTrue(manifests.size() >= 7, manifests.toString());
            for (Path manifest : manifests) {
                Chart.conforms(manifest);
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

    private static List<Object> rules(String kind, List<Map<?, ?>> objects) {
        List<Object> rules = new ArrayList<>();
        objects.stream()
                .filter(object -> kind.equals(object.get("kind")))
                .forEach(object -> rules.addAll((List<?>) object.get("rules")));
        return rules;
    }
}
