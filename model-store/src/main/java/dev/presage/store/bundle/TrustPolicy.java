package dev.presage.store.bundle;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;

/**
 * Whose bundles are used: anyone's, or those signed by one of the given Ed25519 keys. Several keys let one be rotated. Immutable and
 * thread-safe.
 */
public final class TrustPolicy {
    private static final TrustPolicy ANYONE = new TrustPolicy(List.of());

    private final List<PublicKey> keys;

    private TrustPolicy(List<PublicKey> keys) {
        this.keys = keys;
    }

    /** Signatures are not asked for and, without a key to check them, not looked at. */
    public static TrustPolicy anyone() {
        return ANYONE;
    }

    /** A signature of one of the keys is required; throws {@link IllegalArgumentException} without a key. */
    public static TrustPolicy signedBy(List<PublicKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a policy that requires signatures needs at least one key");
        }
        return new TrustPolicy(List.copyOf(keys));
    }

    /** The same from public keys in PEM, one key a text. */
    public static TrustPolicy signedByPem(List<String> pems) {
        return signedBy(pems.stream().map(SigningKeys::publicKey).toList());
    }

    boolean requiresSignature() {
        return !keys.isEmpty();
    }

    boolean accepts(byte[] manifest, byte[] signature) {
        return keys.stream().anyMatch(key -> verifies(key, manifest, signature));
    }

    private static boolean verifies(PublicKey key, byte[] manifest, byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(manifest);
            return signature.verify(bytes);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
