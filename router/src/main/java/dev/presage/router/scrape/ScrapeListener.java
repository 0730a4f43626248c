package dev.presage.router.scrape;

/** Told of every scrape, on the scraper's event loop: must not block and must not throw. */
public interface ScrapeListener {
    ScrapeListener NONE = new ScrapeListener() {
        @Override
        public void scraped(String endpointId, long tookNanos) {}

        @Override
        public void failed(String endpointId, ScrapeFailure why) {}
    };

    /** Signals were published, {@code tookNanos} after the request was sent. */
    void scraped(String endpointId, long tookNanos);

    void failed(String endpointId, ScrapeFailure why);

    /** The endpoint told its models. */
    default void modelsRead(String endpointId) {}

    /** It was asked for its models in vain. */
    default void modelsFailed(String endpointId, ScrapeFailure why) {}
}
