package dev.presage.router.epp;

import dev.presage.router.config.RouterConfig;
import dev.presage.router.slo.SloReading;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags of the pool, its endpoints and what is learned of them. */
final class FleetFlags {
    @Mixin
    PoolFlags pool = new PoolFlags();

    @Option(names = "--config-file", description = "EndpointPickerConfig")
    @Nullable
    Path configFile;

    @Option(names = "--config-text", defaultValue = "", description = "the same, inline")
    String configText = "";

    @Option(names = "--endpoints-file", description = "endpoints, followed as the file changes")
    @Nullable
    Path endpointsFile;

    @Option(names = "--slo-file", description = "LatencySLO documents, followed as the file changes")
    @Nullable
    Path sloFile;

    @Option(names = "--kafka-properties", description = "file of further Kafka client properties")
    @Nullable
    Path kafkaProperties;

    @Option(names = "--router-id", defaultValue = "${HOSTNAME:-router}", description = "this router's name in events")
    String routerId = "router";

    @Option(
            names = "--refresh-metrics-interval",
            converter = GoDuration.class,
            description = "time between scrapes of an engine")
    @Nullable
    Duration scrapeInterval;

    @Option(
            names = "--metrics-staleness-threshold",
            defaultValue = "2s",
            converter = GoDuration.class,
            description = "older signals are unknown (${DEFAULT-VALUE})")
    Duration maxSignalAge = Duration.ofSeconds(2);

    @Option(
            names = "--outlier-ejection",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "keep replicas that refuse connections or answer 5xx out of rotation (${DEFAULT-VALUE})")
    boolean outlierEjection = true;

    @Option(names = "--bootstrap-servers", defaultValue = "", description = "Kafka; no event log without it")
    String bootstrapServers = "";

    @Option(
            names = "--share-in-flight",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "other routers serve this pool too: tell each other of requests under way, through Kafka"
                    + " (${DEFAULT-VALUE})")
    boolean shareInFlight;

    @Option(names = "--model-store", defaultValue = "", description = "URL or directory of the model store")
    String modelStore = "";

    @Option(
            names = "--model-store-token-file",
            description =
                    "file with a token of the store; an operators' one lets a guardrail reject a canary everywhere")
    @Nullable
    Path modelStoreToken;

    @Option(
            names = "--model-store-ca-file",
            description = "authorities (PEM) that vouch for the store, in place of the system's")
    @Nullable
    Path modelStoreAuthorities;

    @Option(
            names = "--canary-share",
            defaultValue = "0.05",
            description = "share of the requests, by their ids, that a canary decides on (${DEFAULT-VALUE})")
    double canaryShare;

    @Option(names = "--data-dir", defaultValue = ".presage/epp", description = "spool and last good model")
    Path dataDir = Path.of(".presage", "epp");

    @Option(
            names = "--allow-experimental-plugins",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "take alpha plugins")
    boolean experimental;

    @Option(names = "--trusted-key", description = "Ed25519 public key (PEM); models must be signed by one of them")
    List<Path> trustedKeys = new ArrayList<>();

    /** Verifies what comes from the model store. */
    BundleReader bundleReader() throws IOException {
        if (trustedKeys.isEmpty()) {
            return new BundleReader(TrustPolicy.anyone());
        }
        List<String> pems = new ArrayList<>();
        for (Path key : trustedKeys) {
            pems.add(Files.readString(key));
        }
        return new BundleReader(TrustPolicy.signedByPem(pems));
    }

    /** The configuration, or the defaults when there is none. */
    RouterConfig config() throws IOException {
        if (configFile != null && !configFile.toString().isEmpty()) {
            return RouterConfig.parse(configFile.toString(), Files.readString(configFile), experimental);
        }
        return configText.isBlank()
                ? RouterConfig.DEFAULT
                : RouterConfig.parse("--config-text", configText, experimental);
    }

    /** Throws an {@link IllegalArgumentException} with everything that is wrong with the SLO file. */
    void checkSlos() throws IOException {
        if (sloFile != null) {
            List<String> problems =
                    SloReading.of(sloFile.toString(), Files.readString(sloFile)).problems();
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("\n", problems));
            }
        }
    }

    /** The pool's name in events and models. */
    String pool() {
        return pool.pool();
    }
}
