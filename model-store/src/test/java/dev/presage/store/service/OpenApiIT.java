package dev.presage.store.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.store.PythonTool;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.promotion.GovernedRegistry;
import dev.presage.store.promotion.PolicyFiles;
import dev.presage.store.registry.DirectoryRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemathesis finds nothing in a running store that its OpenAPI document does not say; {@code -Dpresage.api.examples=1000} for more. */
class OpenApiIT {
    private static final String TOKEN = "0123456789abcdef-operator";
    private static final int EXAMPLES = Integer.getInteger("presage.api.examples", 20);

    @TempDir
    Path root;

    @Test
    void theStoreAnswersAsDocumented() throws Exception {
        PythonTool.find("schemathesis");
        BundleReader reader = new BundleReader(TrustPolicy.anyone());
        InstantSource clock = InstantSource.system();
        try (DirectoryRegistry registry = DirectoryRegistry.open(root.resolve("store"), reader, 50, clock);
                StoreServer server = StoreServer.start(
                        StoreSettings.loopback(0, new StoreAccess.Tokens(TOKEN, Optional.of(TOKEN + "-viewer"))),
                        new GovernedRegistry(registry, new PolicyFiles(root.resolve("policies")), reader, clock),
                        AliasListener.NONE,
                        clock)) {
            for (int number = 1; number < 4; number++) {
                registry.publish("chat", SampleBundles.archive("chat", number).bytes(), "trainer");
            }
            // What is well said may still not be so now: no such bundle, not a legal move, no archive.
            Path configuration = Files.writeString(
                    root.resolve("schemathesis.toml"),
                    "[checks.positive_data_acceptance]\nexpected-statuses = [\"2xx\", 401, 403, 404, 409, 422, 503]\n");
            Path log = root.resolve("schemathesis.log");
            int exit = PythonTool.run(
                    "schemathesis",
                    List.of(
                            "--config-file=" + configuration,
                            "run",
                            server.base() + "/v1/openapi.yaml",
                            "--header=Authorization: Bearer " + TOKEN,
                            "--seed=1",
                            "--max-examples=" + EXAMPLES,
                            "--generation-database=none",
                            "--workers=1",
                            "--no-color"),
                    log);
            String said = Files.readString(log);
            assertEquals(0, exit, said);
            said.lines().filter(line -> line.contains("generated")).forEach(System.out::println);
        }
    }
}
