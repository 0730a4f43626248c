package dev.presage.store.console;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** A script or style sheet, read once from the class path; browsers ask each time whether it is still the same. */
record Asset(String path, String type, String etag, byte[] content) {
    /** All that pages refer to. */
    static List<Asset> all() {
        return List.of(
                read("/console/console.css", "text/css", "console.css"),
                read("/console/console.js", "text/javascript", "console.js"),
                read(
                        "/console/chart.js",
                        "text/javascript",
                        "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js"));
    }

    private static Asset read(String path, String type, String resource) {
        try (InputStream in = Asset.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("resource " + resource + " is missing");
            }
            byte[] content = in.readAllBytes();
            CRC32C sum = new CRC32C();
            sum.update(content);
            return new Asset(
                    path,
                    type + "; charset=utf-8",
                    "\"" + HexFormat.of().toHexDigits(sum.getValue(), 8) + "\"",
                    content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(ServerRequest request, ServerResponse response) {
        response.header(HeaderNames.ETAG, etag).header(HeaderNames.CACHE_CONTROL, "no-cache");
        if (request.headers().first(HeaderNames.IF_NONE_MATCH).orElse("").equals(etag)) {
            response.status(304).send();
        } else {
            response.header(HeaderNames.CONTENT_TYPE, type).send(content);
        }
    }
}
