/**
 * Reads each engine's metrics page over one kept connection and turns the few families that matter into {@link
 * dev.presage.router.fleet.EngineSignals}. Depends on the fleet and prefix packages and on Netty. Start at {@link
 * dev.presage.router.scrape.Scraper}.
 */
@NullMarked
package dev.presage.router.scrape;

import org.jspecify.annotations.NullMarked;
