/**
 * The router as a process: {@code presage epp}, its flags, its two gRPC ports and its drain; and {@code presage bbr}, which has
 * the same ports and none of the fleet. The one place that knows every
 * adapter and wires them around the core; nothing depends on it. Start at {@link dev.presage.router.epp.EppServer}.
 */
@NullMarked
package dev.presage.router.epp;

import org.jspecify.annotations.NullMarked;
