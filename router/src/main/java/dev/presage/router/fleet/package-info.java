/**
 * The replicas and what is known of each: labels, scraped signals, and the router's own exact accounting of what it sent
 * there (a twin of the engine's queue). Writers publish immutable states, readers never lock. Start at {@link
 * dev.presage.router.fleet.Fleet}.
 */
@NullMarked
package dev.presage.router.fleet;

import org.jspecify.annotations.NullMarked;
