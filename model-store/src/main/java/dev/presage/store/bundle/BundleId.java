package dev.presage.store.bundle;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Name of a bundle: {@code sha256-} and the hex digest of its manifest. The manifest holds the digests of all other parts, so the name
 * stands for the whole content. Safe as a file name and in a URL.
 */
public record BundleId(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("sha256-[0-9a-f]{64}");

    public BundleId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("bundle id '" + value + "' is not sha256- and 64 hex digits");
        }
    }

    /** From its text; throws {@link IllegalArgumentException} when the text is no bundle id. */
    @JsonCreator
    public static BundleId parse(String text) {
        return new BundleId(text);
    }

    static BundleId ofManifest(byte[] manifest) {
        return new BundleId("sha256-" + Sha256.hex(manifest));
    }

    @Override
    public String toString() {
        return value;
    }
}
