package dev.presage.store.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where objects are kept.
 *
 * @param prefix before every key; empty, or ends with a slash
 * @param endpoint of a server that is not Amazon's
 * @param region empty for the one that the environment names
 * @param timeout of one call with its repetitions
 */
public record S3Place(String bucket, String prefix, Optional<URI> endpoint, Optional<String> region, Duration timeout) {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    public S3Place {
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new IllegalArgumentException("bucket '" + bucket
                    + "' must be 3..63 of a-z, 0-9, dot and dash and start and end with a letter or digit");
        }
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix '" + prefix + "' must end with a slash");
        }
    }

    /** Reads {@code BUCKET} or {@code BUCKET/PREFIX}. */
    public static S3Place of(String text, Optional<URI> endpoint, Optional<String> region) {
        int slash = text.indexOf('/');
        String bucket = slash < 0 ? text : text.substring(0, slash);
        String prefix = slash < 0 ? "" : text.substring(slash + 1);
        boolean isBare = prefix.isEmpty() || prefix.endsWith("/");
        return new S3Place(bucket, isBare ? prefix : prefix + "/", endpoint, region, TIMEOUT);
    }

    @Override
    public String toString() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
