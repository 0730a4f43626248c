/**
 * The model store as a process: the registry over HTTP, a client that is a registry again, and the announcer that tells Kafka where the
 * aliases are. Kafka may be away at any time; publishing, fetching and promoting go on without it. Depends on {@code bundle}, {@code
 * registry}, the event log, Helidon's server and the JDK's HTTP client; start at {@link dev.presage.store.service.StoreServer} and {@link
 * dev.presage.store.service.StoreClient}.
 */
@NullMarked
package dev.presage.store.service;

import org.jspecify.annotations.NullMarked;
