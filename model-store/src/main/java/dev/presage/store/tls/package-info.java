/**
 * Certificates: a server's own, read from files or made here, and the authorities that a client trusts. Used by the store, its clients and the
 * router; depends on nothing else of the store.
 */
@NullMarked
package dev.presage.store.tls;

import org.jspecify.annotations.NullMarked;
