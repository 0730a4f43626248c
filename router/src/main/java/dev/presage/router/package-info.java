/**
 * The endpoint picker. The core packages (request, fleet, prefix, predict, pick, observe) know no transport; adapters around
 * them do. Start at {@link dev.presage.router.EndpointPicker}.
 */
@NullMarked
package dev.presage.router;

import org.jspecify.annotations.NullMarked;
