package dev.presage.store.cli;

import dev.presage.store.service.OpenId;
import dev.presage.store.service.StoreAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may look at a store and who may change it. Filled by picocli on the main thread. */
final class AccessOptions {
    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the operators' bearer token. Without it, only this machine may publish and promote.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--viewer-token-file",
            paramLabel = "FILE",
            description = "File with the viewers' bearer token. Without it, whoever reaches the store may look.")
    private @Nullable Path viewerTokenFile;

    @Option(
            names = "--oidc-keys",
            paramLabel = "URL",
            description =
                    "JSON Web Key Set of an OpenID provider, whose tokens are accepted too; an https: or file: URL."
                            + " Then nobody looks without a token.")
    private @Nullable URI keys;

    @Option(names = "--oidc-issuer", paramLabel = "URL", description = "What a token's claim iss must be.")
    private @Nullable String issuer;

    @Option(names = "--oidc-audience", paramLabel = "NAME", description = "What a token's claim aud must hold.")
    private @Nullable String audience;

    @Option(
            names = "--oidc-roles-claim",
            paramLabel = "CLAIM",
            defaultValue = "roles",
            description = "The claim that names presage-viewer or presage-operator (default: ${DEFAULT-VALUE}).")
    private String rolesClaim = "roles";

    StoreAccess access() throws IOException {
        long given = Stream.of(keys, issuer, audience)
                .filter(option -> option != null)
                .count();
        if (tokenFile == null) {
            if (viewerTokenFile != null || given > 0) {
                throw new IllegalArgumentException("--viewer-token-file and --oidc-keys need --token-file");
            }
            return new StoreAccess.LoopbackOnly();
        }
        Optional<String> viewers = viewerTokenFile == null ? Optional.empty() : Optional.of(read(viewerTokenFile));
        StoreAccess.Tokens tokens = new StoreAccess.Tokens(read(tokenFile), viewers);
        if (keys != null && issuer != null && audience != null) {
            return OpenId.of(new OpenId.Provider(keys, issuer, audience, rolesClaim), tokens);
        }
        if (given > 0) {
            throw new IllegalArgumentException("--oidc-keys, --oidc-issuer and --oidc-audience must be given together");
        }
        return tokens;
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
