package dev.presage.testbed.deploy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Helm chart, rendered by helm as the release {@code chat} in the namespace {@code llm}, and checks of what it renders. */
final class Chart {
    static final String PATH = "deploy/helm/presage";
    static final String MATCH = "inferencePool.modelServers.matchLabels.app=llm";

    private Chart() {}

    static DeployTools.Result rendered(List<String> values) throws Exception {
        return rendered(values, List.of());
    }

    /** With values files, which go before the values. */
    static DeployTools.Result rendered(List<String> values, List<Path> files) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("template", "chat", PATH, "-n", "llm", "--kube-version", "1.34.0", "--set", MATCH));
        files.forEach(file -> arguments.addAll(List.of("--values", file.toString())));
        values.forEach(value -> arguments.addAll(List.of("--set", value)));
        return DeployTools.run("helm", arguments);
    }

    /** Holds every object of a file against the schema of its kind. */
    static void conforms(Path manifest) throws Exception {
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

    /** Pod templates of all workloads. */
    static List<Map<?, ?>> pods(List<Map<?, ?>> objects) {
        List<Map<?, ?>> pods = new ArrayList<>();
        for (Map<?, ?> object : objects) {
            if (Yaml.at(object, "spec", "template") instanceof Map<?, ?> pod && pod.containsKey("spec")) {
                pods.add(pod);
            }
        }
        return pods;
    }

    static List<Map<?, ?>> containers(List<Map<?, ?>> objects) {
        List<Map<?, ?>> containers = new ArrayList<>();
        pods(objects).forEach(pod -> containers.addAll(Yaml.maps(Yaml.at(pod, "spec", "containers"))));
        return containers;
    }

    /** The only container of that name. */
    static Map<?, ?> container(List<Map<?, ?>> objects, String name) {
        return containers(objects).stream()
                .filter(container -> name.equals(container.get("name")))
                .findFirst()
                .orElseThrow();
    }

    /** Objects of one kind. */
    static List<Map<?, ?>> of(String kind, List<Map<?, ?>> objects) {
        return objects.stream()
                .filter(object -> kind.equals(object.get("kind")))
                .toList();
    }
}
