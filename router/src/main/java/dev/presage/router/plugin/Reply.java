package dev.presage.router.plugin;

import dev.presage.router.pick.Decision;
import java.util.Optional;

/**
 * A reply when its headers have come.
 *
 * @param decision that routed its request; empty when that was not seen
 * @param balanced whether the gateway told anything of its load balancing
 * @param servedBy {@code ip:port} that answered, as the gateway says; empty when it does not
 */
public record Reply(Optional<Decision.Routed> decision, boolean balanced, String servedBy) {}
