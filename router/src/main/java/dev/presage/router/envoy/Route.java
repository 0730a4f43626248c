package dev.presage.router.envoy;

import dev.presage.router.pick.Decision;
import java.util.Map;

/**
 * Where a routed request goes, as the gateway is told.
 *
 * @param destination {@code ip:port}, or several with commas between them, best first
 * @param extraHeaders set on the request in place of the client's, by lower-case name
 */
record Route(String destination, Map<String, String> extraHeaders) {
    static Route of(Decision.Routed decision) {
        return new Route(decision.destination(), decision.extraHeaders());
    }
}
