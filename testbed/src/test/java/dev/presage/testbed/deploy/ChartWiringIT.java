package dev.presage.testbed.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.promotion.PromotionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the parts of the rendered chart find one another: values reach flags and environments, traffic passes the policies. */
class ChartWiringIT {
    private static final Map<String, String> STRANGER = Map.of("app", "stranger");
    private static final Map<String, String> ENGINE = Map.of("app", "llm");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void policiesLetEverythingOfOursPassAndNothingElse() throws Exception {
        List<Map<?, ?>> objects = objects(
                "networkPolicy.enabled=true",
                "networkPolicy.gatewayPeers[0].podSelector.matchLabels.app=gateway",
                "networkPolicy.metricsPeers[0].podSelector.matchLabels.app=prometheus");
        NetworkPolicies policies = new NetworkPolicies(objects);
        Map<?, ?> epp = labels(objects, "epp");
        Map<?, ?> store = labels(objects, "store");
        Map<?, ?> kafka = labels(objects, "kafka");
        Map<?, ?> trainer = labels(objects, "trainer");
        Map<?, ?> pipeline = labels(objects, "pipeline");

        assertTrue(policies.pass(Map.of("app", "gateway"), epp, 9002), "gateway to ext_proc");
        assertTrue(policies.pass(Map.of("app", "prometheus"), epp, 9090), "Prometheus to the metrics");
        assertTrue(policies.pass(STRANGER, epp, 9003), "health");
        assertTrue(policies.pass(epp, ENGINE, 8000), "scrapes");
        assertTrue(policies.pass(epp, store, 7070), "router to store");
        assertTrue(policies.pass(epp, kafka, 9092), "router to Kafka");
        assertTrue(policies.pass(store, epp, 9090), "console to router");
        assertTrue(policies.pass(trainer, store, 7070), "trainer to store");
        for (Map<?, ?> client : List.of(store, trainer, pipeline)) {
            assertTrue(policies.pass(client, kafka, 9092), client + " to Kafka");
        }
        assertFalse(policies.pass(STRANGER, epp, 9002), "anybody to ext_proc");
        assertFalse(policies.pass(STRANGER, epp, 9090), "anybody to the metrics");
        assertFalse(policies.pass(STRANGER, store, 7070), "anybody to the store");
        assertFalse(policies.pass(STRANGER, kafka, 9092), "anybody to Kafka");
        assertFalse(policies.pass(epp, STRANGER, 8000), "router to anybody");
    }

    @Test
    void policiesLetAnExternalKafkaAndTheTracesPass() throws Exception {
        List<Map<?, ?>> objects = objects(
                "networkPolicy.enabled=true",
                "kafka.mode=external",
                "kafka.external.bootstrapServers=a:9094\\,b:9095",
                "inferenceExtension.tracing.enabled=true",
                "inferenceExtension.tracing.otelExporterEndpoint=http://collector.traces:4317");
        NetworkPolicies policies = new NetworkPolicies(objects);
        Map<?, ?> epp = labels(objects, "epp");
        for (int port : new int[] {9094, 9095, 4317}) {
            assertTrue(policies.pass(epp, STRANGER, port), "port " + port);
        }
        assertFalse(policies.pass(epp, STRANGER, 9092));
    }

    /** The name that the store asks is a headless Service of the routers, and its account may read their metrics. */
    @Test
    void theConsoleAsksEveryRouter() throws Exception {
        List<Map<?, ?>> objects = objects("inferenceExtension.replicas=3");
        List<String> arguments = Yaml.list(Chart.container(objects, "store").get("args"));
        assertTrue(arguments.contains("--router=http://chat-epp-pods:9090"), arguments.toString());
        Map<?, ?> service = named("Service", "chat-epp-pods", objects);
        assertEquals("None", Yaml.text(service, "spec", "clusterIP"));
        Map<?, ?> selector = (Map<?, ?>) Objects.requireNonNull(Yaml.at(service, "spec", "selector"));
        assertTrue(labels(objects, "epp").entrySet().containsAll(selector.entrySet()), selector.toString());
        Map<?, ?> binding = named("ClusterRoleBinding", "llm-chat-console", objects);
        assertEquals(
                Yaml.text(pod(objects, "store"), "spec", "serviceAccountName"),
                Yaml.text(Yaml.maps(binding.get("subjects")).getFirst(), "name"));
        assertEquals(
                "[{nonResourceURLs=[/metrics], verbs=[get]}]",
                Yaml.text(named("ClusterRole", "llm-chat-console", objects), "rules"));
        List<Map<?, ?>> open = objects("inferenceExtension.monitoring.prometheus.auth.enabled=false");
        assertFalse(
                Yaml.list(Chart.container(open, "store").get("args")).toString().contains("--router-token-file"));
    }

    @Test
    void s3AndItsCredentialsReachTheStore() throws Exception {
        List<Map<?, ?>> objects = objects(
                "store.s3.bucket=models/presage",
                "store.s3.region=eu-central-1",
                "store.s3.endpoint=https://minio.storage:9000",
                "store.s3.credentialsSecret=minio",
                "store.serviceAccountAnnotations.eks\\.amazonaws\\.com/role-arn=arn");
        Map<?, ?> store = Chart.container(objects, "store");
        assertTrue(Yaml.list(store.get("args"))
                .containsAll(List.of(
                        "--s3=models/presage",
                        "--s3-region=eu-central-1",
                        "--s3-endpoint=https://minio.storage:9000")));
        for (String key : List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")) {
            assertEquals("{name=minio, key=" + key + "}", Yaml.text(env(store, key), "valueFrom", "secretKeyRef"));
        }
        assertEquals(
                "{eks.amazonaws.com/role-arn=arn}",
                Yaml.text(named("ServiceAccount", "chat-store", objects), "metadata", "annotations"));
    }

    @Test
    void kafkasPropertiesReachEveryClient() throws Exception {
        List<Map<?, ?>> objects = objects(
                "kafka.mode=external",
                "kafka.external.bootstrapServers=kafka.example:9094",
                "kafka.external.propertiesSecret=kafka-client");
        for (String client : List.of("epp", "store", "pipeline", "trainer")) {
            List<String> arguments = Yaml.list(Chart.container(objects, client).get("args"));
            String flag = client.equals("epp") ? "--kafka-properties" : "--kafka-config";
            assertTrue(
                    arguments.containsAll(List.of(
                            "--bootstrap-servers=kafka.example:9094", flag + "=/etc/presage/kafka/client.properties")),
                    client + arguments);
            Map<?, ?> volume = Yaml.maps(Yaml.at(pod(objects, client), "spec", "volumes")).stream()
                    .filter(one -> "kafka".equals(one.get("name")))
                    .findFirst()
                    .orElseThrow();
            assertEquals("kafka-client", Yaml.text(volume, "secret", "secretName"));
        }
    }

    @Test
    void tracesReachTheRouter() throws Exception {
        Map<?, ?> on = Chart.container(
                objects(
                        "inferenceExtension.tracing.enabled=true",
                        "inferenceExtension.tracing.otelExporterEndpoint=https://collector:4317",
                        "inferenceExtension.tracing.sampling.sampler=traceidratio",
                        "inferenceExtension.env[0].name=OTEL_EXPORTER_OTLP_HEADERS",
                        "inferenceExtension.env[0].valueFrom.secretKeyRef.name=otlp",
                        "inferenceExtension.env[0].valueFrom.secretKeyRef.key=headers"),
                "epp");
        assertEquals("https://collector:4317", Yaml.text(env(on, "OTEL_EXPORTER_OTLP_ENDPOINT"), "value"));
        assertEquals("otlp", Yaml.text(env(on, "OTEL_TRACES_EXPORTER"), "value"));
        assertEquals("traceidratio", Yaml.text(env(on, "OTEL_TRACES_SAMPLER"), "value"));
        assertEquals("0.1", Yaml.text(env(on, "OTEL_TRACES_SAMPLER_ARG"), "value"));
        assertEquals(
                "{name=otlp, key=headers}",
                Yaml.text(env(on, "OTEL_EXPORTER_OTLP_HEADERS"), "valueFrom", "secretKeyRef")
                        .replace("{key=headers, name=otlp}", "{name=otlp, key=headers}"));
        assertTrue(Yaml.list(on.get("args")).contains("--tracing=true"));
        assertTrue(Yaml.list(Chart.container(objects(), "epp").get("args")).contains("--tracing=false"));
    }

    @Test
    void aPromotionPolicyIsOneThatTheStoreReads() throws Exception {
        List<Map<?, ?>> objects =
                objects("store.promotionPolicy.mode=automatic", "store.promotionPolicy.canary_samples=50");
        Map<?, ?> data = (Map<?, ?>) Objects.requireNonNull(
                named("ConfigMap", "chat-policies", objects).get("data"));
        Files.writeString(directory.resolve("chat.yaml"), Yaml.text(data, "chat.yaml"));
        PromotionPolicy policy = new PolicyFiles(directory).of("chat").orElseThrow();
        assertEquals(PromotionPolicy.Mode.AUTOMATIC, policy.mode());
        assertEquals(50, policy.canarySamples());
        assertTrue(
                Yaml.list(Chart.container(objects, "store").get("args")).contains("--policies=/etc/presage/policies"));
        assertTrue(Yaml.list(Chart.container(objects, "trainer").get("args")).contains("--pool=chat"));
    }

    /** Whatever is mounted is a volume, every path of a flag lies in a mount, and every named port is a container's. */
    @Test
    void mountsAndPortsAreThere() throws Exception {
        List<Map<?, ?>> objects = objects(
                "kafka.mode=external",
                "kafka.external.bootstrapServers=a:9092",
                "kafka.external.propertiesSecret=kafka",
                "inferenceExtension.tls.mode=secret",
                "inferenceExtension.tls.secretName=tls",
                "inferenceExtension.trustedKeysSecret=keys",
                "store.promotionPolicy.mode=manual");
        Set<String> claims = new HashSet<>();
        objects.forEach(object -> Yaml.maps(Yaml.at(object, "spec", "volumeClaimTemplates"))
                .forEach(claim -> claims.add(Yaml.text(claim, "metadata", "name"))));
        for (Map<?, ?> pod : Chart.pods(objects)) {
            Set<String> volumes = new HashSet<>(claims);
            Yaml.maps(Yaml.at(pod, "spec", "volumes")).forEach(volume -> volumes.add(Yaml.text(volume, "name")));
            for (Map<?, ?> container : Yaml.maps(Yaml.at(pod, "spec", "containers"))) {
                Set<String> mounts = new HashSet<>();
                for (Map<?, ?> mount : Yaml.maps(container.get("volumeMounts"))) {
                    assertTrue(volumes.contains(Yaml.text(mount, "name")), mount.toString());
                    mounts.add(Yaml.text(mount, "mountPath"));
                }
                for (String argument : Yaml.list(container.get("args"))) {
                    String value = argument.substring(argument.indexOf('=') + 1);
                    assertTrue(
                            !value.startsWith("/")
                                    || mounts.stream()
                                            .anyMatch(mount -> value.equals(mount) || value.startsWith(mount + "/")),
                            argument + " in none of " + mounts);
                }
            }
        }
        for (Map<?, ?> service : Chart.of("Service", objects)) {
            Map<?, ?> selector = (Map<?, ?>) Objects.requireNonNull(Yaml.at(service, "spec", "selector"));
            Map<?, ?> pod = Chart.pods(objects).stream()
                    .filter(one -> ((Map<?, ?>) Objects.requireNonNull(Yaml.at(one, "metadata", "labels")))
                            .entrySet()
                            .containsAll(selector.entrySet()))
                    .findFirst()
                    .orElseThrow();
            Set<String> ports = new HashSet<>();
            Yaml.maps(Yaml.at(pod, "spec", "containers")).forEach(container -> Yaml.maps(container.get("ports"))
                    .forEach(port -> ports.add(Yaml.text(port, "name"))));
            for (Map<?, ?> port : Yaml.maps(Yaml.at(service, "spec", "ports"))) {
                assertTrue(ports.contains(Yaml.text(port, "targetPort")), service.toString());
            }
        }
    }

    private static List<Map<?, ?>> objects(String... values) throws Exception {
        return Yaml.documents(Chart.rendered(List.of(values)).succeeded());
    }

    private static Map<?, ?> pod(List<Map<?, ?>> objects, String component) {
        return Chart.pods(objects).stream()
                .filter(pod -> component.equals(Yaml.text(pod, "metadata", "labels", "app.kubernetes.io/component")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<?, ?> labels(List<Map<?, ?>> objects, String component) {
        return (Map<?, ?>) Objects.requireNonNull(Yaml.at(pod(objects, component), "metadata", "labels"));
    }

    private static Map<?, ?> named(String kind, String name, List<Map<?, ?>> objects) {
        return Chart.of(kind, objects).stream()
                .filter(object -> name.equals(Yaml.text(object, "metadata", "name")))
                .findFirst()
                .orElseThrow();
    }

    private static Map<?, ?> env(Map<?, ?> container, String name) {
        return Yaml.maps(container.get("env")).stream()
                .filter(entry -> name.equals(entry.get("name")))
                .findFirst()
                .orElseThrow();
    }
}
