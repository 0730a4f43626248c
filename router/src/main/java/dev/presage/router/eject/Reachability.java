package dev.presage.router.eject;

import dev.presage.router.fleet.Endpoint;

/** Told by the scraper, on its thread, whether endpoints take connections: must not block and must not throw. */
public interface Reachability {
    Reachability NONE = new Reachability() {
        @Override
        public void reached(Endpoint endpoint) {}

        @Override
        public void refused(Endpoint endpoint) {}
    };

    /** A scrape brought the endpoint's page. */
    void reached(Endpoint endpoint);

    /** The endpoint, whose page was read before, accepts no connection on the port that requests go to. */
    void refused(Endpoint endpoint);
}
