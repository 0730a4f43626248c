package dev.presage.router.config;

import dev.presage.router.yaml.InvalidDocumentException;
import java.nio.charset.StandardCharsets;

/** Any text as a configuration: it is read, or refused with an {@link InvalidDocumentException}. */
public final class RouterConfigFuzz {
    private RouterConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            RouterConfig.parse("config", new String(data, StandardCharsets.UTF_8), data.length % 2 == 0);
        } catch (InvalidDocumentException refused) {
            if (refused.getMessage() == null) {
                throw new AssertionError("refused without a reason");
            }
        }
    }
}
