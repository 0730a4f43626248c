package dev.presage.testbed.page;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** One file of the page, read once. */
record Asset(String path, String type, byte[] content) {
    static Asset read(String path, String resource, String type) {
        try (InputStream in = Asset.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("resource " + resource + " is missing");
            }
            return new Asset(path, type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
