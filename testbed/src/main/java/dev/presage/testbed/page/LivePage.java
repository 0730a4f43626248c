package dev.presage.testbed.page;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/** The running page. Serves until it is closed; every file comes from the class path, nothing from elsewhere. */
public final class LivePage implements AutoCloseable {
    private static final String ASSETS = "/dev/presage/testbed/page/";
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";
    // No other origin is ever asked, whatever a replica or a bundle calls itself.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "connect-src 'self'; img-src 'self' data:";

    private final WebServer server;

    private LivePage(WebServer server) {
        this.server = server;
    }

    /**
     * Serves on 127.0.0.1.
     *
     * @param port 0 for any free one
     * @param state the JSON document, made anew for each poll on a virtual thread
     */
    public static LivePage start(int port, Supplier<byte[]> state) {
        HttpRouting.Builder routing = HttpRouting.builder();
        for (Asset asset : List.of(
                Asset.read("/", ASSETS + "index.html", "text/html; charset=utf-8"),
                Asset.read("/page.js", ASSETS + "page.js", "text/javascript; charset=utf-8"),
                Asset.read("/page.css", ASSETS + "page.css", "text/css; charset=utf-8"),
                Asset.read("/chart.js", CHARTS, "text/javascript; charset=utf-8"))) {
            routing.get(asset.path(), (request, response) -> response.header(HeaderNames.CONTENT_TYPE, asset.type())
                    .header(HeaderNames.create("content-security-policy"), POLICY)
                    .send(asset.content()));
        }
        routing.get("/api/state", (request, response) -> response.header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .send(state.get()));
        return new LivePage(WebServer.builder()
                .host("127.0.0.1")
                .port(port)
                .shutdownHook(false)
                .addRouting(routing)
                .build()
                .start());
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.port() + "/");
    }

    @Override
    public void close() {
        server.stop();
    }
}
