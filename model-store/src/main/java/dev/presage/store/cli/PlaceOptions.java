package dev.presage.store.cli;

import dev.presage.store.bundle.BundleReader;
import dev.presage.store.registry.BucketRegistry;
import dev.presage.store.registry.DirectoryRegistry;
import dev.presage.store.registry.StoredRegistry;
import dev.presage.store.s3.S3Bucket;
import dev.presage.store.s3.S3Place;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a store keeps what it has: a directory, or an object store. Filled by picocli on the main thread. */
final class PlaceOptions {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "presage-data/store",
            description =
                    "Where bundles and aliases are kept (default: ${DEFAULT-VALUE}); with --s3, what else the store"
                            + " has on this machine.")
    private Path directory = Path.of("presage-data", "store");

    @Option(
            names = "--s3",
            paramLabel = "BUCKET[/PREFIX]",
            description = "Keep bundles and aliases in S3, with the credentials that the environment has"
                    + " (AWS_ACCESS_KEY_ID, a profile, a role).")
    private @Nullable String bucket;

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description = "A server that speaks S3, in place of Amazon's; it must have conditional writes.")
    private @Nullable URI endpoint;

    @Option(names = "--s3-region", paramLabel = "NAME", description = "Region (default: AWS_REGION).")
    private @Nullable String region;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "" + StoredRegistry.KEEP,
            description = "Versions without an alias to keep per pool (default: ${DEFAULT-VALUE}).")
    private int keep;

    Path directory() {
        return directory;
    }

    StoredRegistry open(BundleReader reader, InstantSource clock) throws IOException {
        if (bucket != null) {
            S3Place place = S3Place.of(bucket, Optional.ofNullable(endpoint), Optional.ofNullable(region));
            return BucketRegistry.open(S3Bucket.at(place), reader, keep, clock);
        }
        if (endpoint != null || region != null) {
            throw new IllegalArgumentException("--s3-endpoint and --s3-region need --s3");
        }
        return DirectoryRegistry.open(directory, reader, keep, clock);
    }
}
