package dev.presage.store.service;

import dev.presage.store.tls.Authorities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows a store, and whom it trusts to vouch for one.
 *
 * @param token sent with every request; empty for a store that asks for none
 * @param authorities in place of the system's, when present
 */
public record StoreCredentials(Optional<String> token, Optional<SSLContext> authorities) {
    /** Reads the files; null for none. */
    public static StoreCredentials read(@Nullable Path tokenFile, @Nullable Path authorityFile) throws IOException {
        return new StoreCredentials(
                tokenFile == null
                        ? Optional.empty()
                        : Optional.of(Files.readString(tokenFile).strip()),
                authorityFile == null ? Optional.empty() : Optional.of(Authorities.trusting(authorityFile)));
    }

    /** Does not show the token. */
    @Override
    public String toString() {
        return "StoreCredentials[]";
    }
}
