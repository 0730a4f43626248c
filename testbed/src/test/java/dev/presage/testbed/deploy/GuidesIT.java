package dev.presage.testbed.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.cli.Presage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lines of {@code deploy/README.md} for Kubernetes and systemd, as far as they go without a cluster and a systemd. That a router serves with
 * what they render is {@code LlmdDeploymentTest}'s and {@code ChartDeploymentTest}'s to show, and from the image {@code ImageIT}'s.
 */
class GuidesIT {
    private static final Path THEIRS =
            Path.of("src/test/resources/deploy/llm-d-epp.yaml").toAbsolutePath();
    private static final String OLD = "registry.example/llm-d/endpoint-picker:v0.5.0";
    private static final String OURS = "registry.example/presage:0.1.0";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void theInstallationIsValid() throws Exception {
        String page = Files.readString(DeployTools.DEPLOY.resolve("README.md")).replaceAll("\\\\\n\\s*", "");
        String line = page.lines()
                .map(String::strip)
                .filter(text -> text.startsWith("helm install "))
                .findFirst()
                .orElseThrow();
        List<String> words = new ArrayList<>(List.of(line.replace("helm install", "template")
                .replace("REGISTRY", "registry.example/team")
                .split("\\s+")));
        words.addAll(List.of("--kube-version", "1.34.0"));
        String rendered = DeployTools.run("helm", words).succeeded();
        Chart.conforms(Files.writeString(directory.resolve("installed.yaml"), rendered));
        // The tag that the guide's docker build gives.
        assertTrue(page.contains("-t REGISTRY/presage:0.1.0 ."));
        assertTrue(rendered.contains("image: registry.example/team/presage:0.1.0"), rendered);
        String upgrade = DeployTools.run("helm", List.of("upgrade", "--help")).succeeded();
        assertTrue(upgrade.contains("--reset-then-reuse-values"), upgrade);
    }

    /** The units are ones that systemd takes, and their arguments ones that the commands take. */
    @Test
    void theUnitsAreValid() throws Exception {
        Path systemd = DeployTools.DEPLOY.resolve("systemd");
        Path program =
                Files.createDirectories(directory.resolve("opt/presage/bin")).resolve("presage");
        Files.writeString(program, "#!/bin/sh\n");
        assertTrue(program.toFile().setExecutable(true));
        String unit = Files.readString(systemd.resolve("presage@.service"));
        assertTrue(unit.contains("ExecStart=/opt/presage/bin/presage %i $ARGS"), unit);
        Files.writeString(
                directory.resolve("presage@.service"), unit.replace("/opt/presage", directory + "/opt/presage"));
        for (String name : List.of("broker", "store", "pipeline", "train", "epp")) {
            String arguments = Files.readString(systemd.resolve(name + ".conf")).strip();
            assertTrue(arguments.startsWith("ARGS="), arguments);
            Presage.commandLine().parseArgs((name + " " + arguments.substring("ARGS=".length())).split(" "));
            Path instance = Files.copy(
                    directory.resolve("presage@.service"), directory.resolve("presage@" + name + ".service"));
            assertEquals(
                    "",
                    DeployTools.run("systemd-analyze", List.of("verify", "--man=no", instance.toString()))
                            .succeeded());
        }
    }

    @Test
    void theImageIsSwappedInPlaceAndBack() throws Exception {
        Path swapped = Files.writeString(directory.resolve("swapped.yaml"), set(THEIRS, OURS));
        Map<?, ?> ours = object(Files.readString(swapped));
        Chart.conforms(swapped);
        Map<?, ?> container = Chart.container(List.of(ours), "epp");
        assertEquals(OURS, container.get("image"));
        // What the image's entry point does with flags alone.
        List<String> command = new ArrayList<>(List.of("epp"));
        command.addAll(Yaml.list(container.get("args")));
        Presage.commandLine().parseArgs(command.toArray(String[]::new));

        Map<?, ?> theirs = object(Files.readString(THEIRS));
        Map<?, ?> back = object(set(swapped, OLD));
        assertEquals(Yaml.at(theirs, "spec", "template", "spec"), Yaml.at(back, "spec", "template", "spec"));
    }

    /** The guide's line, on a file instead of a cluster. */
    private static String set(Path manifest, String image) throws Exception {
        String line = Files.readAllLines(DeployTools.DEPLOY.resolve("README.md")).stream()
                .map(String::strip)
                .filter(text -> text.startsWith("kubectl ") && text.contains(" set image "))
                .findFirst()
                .orElseThrow();
        assertTrue(
                line.contains("-n NAMESPACE")
                        && line.contains("deployment/EPP")
                        && line.contains("REGISTRY/presage:TAG"),
                line);
        List<String> words = new ArrayList<>(List.of(line.replace("NAMESPACE", "llm")
                .replace("deployment/EPP", "--local -f " + manifest + " -o yaml")
                .replace("REGISTRY/presage:TAG", image)
                .split(" ")));
        words.removeFirst();
        return DeployTools.run("kubectl", words).succeeded();
    }

    private static Map<?, ?> object(String text) {
        return Yaml.documents(text).getFirst();
    }
}
