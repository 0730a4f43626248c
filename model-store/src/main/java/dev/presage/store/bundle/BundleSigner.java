package dev.presage.store.bundle;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/** Signs manifests with an Ed25519 key (RFC 8032). Thread-safe. */
public final class BundleSigner {
    static final int SIGNATURE_BYTES = 64;

    private final PrivateKey key;

    /** Throws {@link IllegalArgumentException} when the key is of another algorithm. */
    public BundleSigner(PrivateKey key) {
        this.key = key;
        sign(new byte[0]);
    }

    /** From an unencrypted PKCS#8 PEM text, as {@code openssl genpkey -algorithm ed25519} writes it. */
    public static BundleSigner fromPem(String pem) {
        return new BundleSigner(SigningKeys.privateKey(pem));
    }

    byte[] sign(byte[] manifest) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(manifest);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(key.getAlgorithm() + " key cannot sign with Ed25519", e);
        }
    }
}
