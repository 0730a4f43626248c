package dev.presage.router.discovery;

import dev.presage.router.yaml.InvalidDocumentException;

/** Any bytes as an endpoints file: it is read, or refused with an {@link InvalidDocumentException}. */
public final class EndpointsFileFuzz {
    private EndpointsFileFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            EndpointsFile.parse("endpoints", data);
        } catch (InvalidDocumentException refused) {
            if (refused.getMessage() == null) {
                throw new AssertionError("refused without a reason");
            }
        }
    }
}
