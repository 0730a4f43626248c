/**
 * What stands between clients and replicas in the testbed: real Envoy as a child process, or a small front door that speaks
 * the same ext_proc to the router. Allowed dependencies: the JDK, Helidon, Jackson, and the ext_proc classes of the router
 * module. Start at {@link dev.presage.testbed.gateway.Gateway}.
 */
@NullMarked
package dev.presage.testbed.gateway;

import org.jspecify.annotations.NullMarked;
