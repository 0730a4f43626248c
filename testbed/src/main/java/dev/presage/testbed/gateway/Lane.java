package dev.presage.testbed.gateway;

/**
 * One listener of a gateway and the router that it asks, if any.
 *
 * @param name letters, digits and dashes; unique within the gateway
 * @param routerPort loopback port of the router's ext_proc server; 0 for a lane whose clients name the destination themselves
 */
public record Lane(String name, int routerPort) {
    public Lane {
        if (!name.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("lane name '" + name + "' must match [a-z0-9-]+");
        }
        if (routerPort < 0 || routerPort > 65535) {
            throw new IllegalArgumentException("routerPort " + routerPort + " of lane " + name + " outside 0..65535");
        }
    }

    boolean hasRouter() {
        return routerPort > 0;
    }
}
