package dev.presage.store.service;

import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a store server listens.
 *
 * @param address to bind
 * @param port to bind; 0 takes a free one
 * @param advertised where others reach it, for announcements; empty for the bound address itself
 * @param access who may do what
 * @param tls the server's own certificate and key; empty for plain HTTP
 */
public record StoreSettings(
        InetAddress address, int port, Optional<URI> advertised, StoreAccess access, Optional<SSLContext> tls) {
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
        return loopback(port, new StoreAccess.LoopbackOnly());
    }

    /** On the loopback address, without TLS. */
    public static StoreSettings loopback(int port, StoreAccess access) {
        return new StoreSettings(InetAddress.getLoopbackAddress(), port, Optional.empty(), access, Optional.empty());
    }

    URI base(int boundPort) {
        String host = address.getHostAddress();
        String scheme = tls.isPresent() ? "https://" : "http://";
        return advertised.orElseGet(
                () -> URI.create(scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + boundPort));
    }
}
