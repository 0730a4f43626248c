package dev.presage.router.epp;

import java.util.Optional;
import java.util.Set;

/** The application protocols whose requests this router reads: JSON over HTTP, and gRPC over cleartext HTTP/2. */
final class Protocols {
    private static final Set<String> READ = Set.of("http", "kubernetes.io/h2c");

    private Protocols() {}

    /** Whether a pool's model servers speak one of them; a pool that does not say does. */
    static boolean match(Optional<String> appProtocol) {
        return appProtocol.map(READ::contains).orElse(true);
    }
}
