package dev.presage.testbed.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the best gateway that the machine has: Envoy where it can be found or fetched, else the front door. */
public final class Gateways {
    private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);

    private Gateways() {}

    /**
     * Starts a gateway; it serves when this returns.
     *
     * @param envoy Envoy's binary, null to look for it
     * @param frontDoor true to do without Envoy
     * @param tlsToRouter whether the routers serve TLS (whose certificates are not verified)
     */
    public static Gateway open(List<Lane> lanes, @Nullable Path envoy, boolean frontDoor, boolean tlsToRouter)
            throws GatewayException {
        if (frontDoor) {
            return FrontDoor.start(lanes, tlsToRouter);
        }
        Optional<Path> binary = new EnvoyBinary(System.getenv(), Path.of(System.getProperty("user.home"))).find(envoy);
        if (binary.isEmpty()) {
            LOG.info("no Envoy here and none to be fetched: the traffic goes through the front door");
            return FrontDoor.start(lanes, tlsToRouter);
        }
        return EnvoyGateway.start(binary.get(), lanes, tlsToRouter);
    }
}
