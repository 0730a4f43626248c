package dev.presage.router.scrape;

import java.util.Optional;

/** Reads the pages of one endpoint, one after the other, and publishes what they say. Confined to the scraper's event loop. */
interface PageReading {
    /** A new page starts. */
    void begin();

    /** Its next bytes, in any division. */
    void feed(byte[] bytes, int from, int to);

    /** It is whole and took so long; says why it cannot be used, if it cannot. */
    Optional<ScrapeFailure> end(long tookNanos);

    /**
     * There is no page, or it could not be used.
     *
     * @param left whether requests went to where this page is, and nobody listened there if the connection was refused
     */
    void failed(ScrapeFailure why, boolean left);
}
