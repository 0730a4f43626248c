package dev.presage.store.service;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;

/**
 * How a store server listens.
 *
 * @param address to bind
 * @param port to bind; 0 takes a free one
 * @param advertised where others reach it, for announcements; empty for the bound address itself
 */
public record StoreSettings(InetAddress address, int port, Optional<URI> advertised, StoreAccess access) {
    public StoreSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " outside 0..65535");
        }
        if (address.isAnyLocalAddress() && advertised.isEmpty()) {
            throw new IllegalArgumentException("bound to all addresses, the store must be told which to advertise");
        }
    }

    /** On the loopback address, writable from it. */
    public static StoreSettings loopback(int port) {
        return new StoreSettings(
                InetAddress.getLoopbackAddress(), port, Optional.empty(), new StoreAccess.LoopbackOnly());
    }

    URI base(int boundPort) {
        String host = address.getHostAddress();
        return advertised.orElseGet(
                () -> URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + boundPort));
    }
}
