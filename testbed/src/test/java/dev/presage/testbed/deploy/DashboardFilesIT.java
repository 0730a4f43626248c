package dev.presage.testbed.deploy;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grafana's own models read each dashboard and know every field of it; {@code DashboardsIT} runs the queries. */
class DashboardFilesIT {
    private static final Path DASHBOARDS = DeployTools.DEPLOY.resolve("helm/presage/dashboards");

    @Test
    void grafanaKnowsEveryField() throws Exception {
        check(DASHBOARDS).succeeded();
    }

    @Test
    void aTypingErrorIsFound(@TempDir Path directory) throws Exception {
        String good = Files.readString(DASHBOARDS.resolve("slo.json"));
        Files.writeString(directory.resolve("slo.json"), good.replace("\"gridPos\"", "\"gridPosition\""));
        DeployTools.Result result = check(directory);
        assertNotEquals(0, result.status());
        assertTrue(result.output().contains("panels[0].gridPosition is not known"), result.output());
    }

    private static DeployTools.Result check(Path directory) throws Exception {
        return DeployTools.run(
                "grafana-python",
                List.of(DeployTools.DEPLOY.resolve("check-dashboards.py").toString(), directory.toString()));
    }
}
