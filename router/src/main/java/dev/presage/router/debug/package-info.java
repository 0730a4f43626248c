/**
 * Pages for the eyes of an operator, beside {@code /metrics}: what the router believes of its fleet at this moment, and a flight
 * recording of the process. They show no prompt, no header and no environment. Depends on the core and Jackson; start at {@link
 * dev.presage.router.debug.StatePage}.
 */
@NullMarked
package dev.presage.router.debug;

import org.jspecify.annotations.NullMarked;
