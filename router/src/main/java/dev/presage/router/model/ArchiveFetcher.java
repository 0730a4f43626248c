package dev.presage.router.model;

import dev.presage.store.bundle.BundleArchive;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Fetches an archive from the location that an announcement names: a {@code file:}, {@code http:} or {@code https:} URI. Never
 * more bytes than a bundle can have, and never a token: who announces a location does not learn one.
 */
final class ArchiveFetcher implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int OK = 200;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

    byte[] fetch(String location) throws IOException, InterruptedException {
        URI uri = uri(location);
        return switch (String.valueOf(uri.getScheme())) {
            case "file" -> read(Files.newInputStream(path(uri)));
            case "http", "https" -> get(uri);
            default -> throw new IOException("location is neither file: nor http(s): " + location);
        };
    }

    static URI uri(String location) throws IOException {
        try {
            return URI.create(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("location is no URI: " + location, e);
        }
    }

    private static Path path(URI uri) throws IOException {
        try {
            return Path.of(uri);
        } catch (IllegalArgumentException e) {
            throw new IOException("no file is at " + uri, e);
        }
    }

    private byte[] get(URI uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != OK) {
            response.body().close();
            throw new IOException(uri + " answers " + response.statusCode());
        }
        return read(response.body());
    }

    private static byte[] read(InputStream opened) throws IOException {
        try (InputStream in = opened) {
            return in.readNBytes(BundleArchive.MAX_BYTES + 1);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
