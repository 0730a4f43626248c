/**
 * What several routers of one pool tell each other: which request is where, so that each one's queues and prefixes are those of
 * the whole pool. Core package: no transport. Start at {@link dev.presage.router.peer.PeerFlights}.
 */
@NullMarked
package dev.presage.router.peer;

import org.jspecify.annotations.NullMarked;
