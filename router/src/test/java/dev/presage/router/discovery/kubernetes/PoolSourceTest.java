package dev.presage.router.discovery.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.presage.router.discovery.kubernetes.PoolSource.Named;
import dev.presage.router.discovery.kubernetes.PoolSource.Selected;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PoolSourceTest {
    private static final String POD = "epp-7c9f-abcde";
    private static final String GROUP = "inference.networking.k8s.io";

    @Test
    void errorsNameTheFlag() {
        refused("POD_NAME", () -> Selected.of("a=b", List.of(80), "epp", GROUP));
        for (String selector : List.of("a in b", "a=b,", "a b", "a in (b", "a=b=c", "in (b)", "!a=b")) {
            refused("--endpoint-selector", () -> Selected.of(selector, List.of(80), POD, GROUP));
        }
        refused("--endpoint-target-ports", () -> Selected.of("a=b", List.of(), POD, GROUP));
        refused("--endpoint-target-ports", () -> Selected.of("a=b", List.of(0), POD, GROUP));
        refused("--endpoint-target-ports", () -> Selected.of("a=b", List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), POD, GROUP));
        refused("--pool-group", () -> new Named("chat", "example.com"));
    }

    @Test
    void theDeploymentOfTheRoutersPodNamesThePool() {
        assertEquals(
                "my-epp",
                Selected.of("a=b", List.of(80), "my-epp-7c9f-abcde", GROUP).name());
    }

    @Test
    void theLeaseIsNamedAfterNamespaceAndPool() {
        assertEquals(
                "epp-team-chat.llm-d.ai",
                KubernetesSettings.of("team", new Named("chat", GROUP), true, "me")
                        .leaseName());
    }

    private static void refused(String flag, Executable reading) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, reading).getMessage());
        assertEquals(flag, message.contains(flag) ? flag : message);
    }
}
