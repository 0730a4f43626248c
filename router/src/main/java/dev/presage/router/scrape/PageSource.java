package dev.presage.router.scrape;

import dev.presage.router.fleet.Endpoint;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A page that every endpoint has, and what is made of it. Used by the scraper's event loop. */
interface PageSource {
    Duration interval();

    /** Of one page, connecting included. */
    Duration timeout();

    String path();

    /** The media type that is asked for. */
    String accept();

    int port(Endpoint endpoint);

    /** How to speak TLS; null for plaintext. */
    @Nullable
    SslContext tls();

    /** Who reads the pages of one endpoint. */
    PageReading reading(Endpoint endpoint);
}
