/**
 * Open-loop load: sends completion requests when their plan says, whatever the answers do, and measures what a client sees.
 * Allowed dependencies: the JDK, Helidon's client, Jackson, and the testbed's traces. Start at {@link
 * dev.presage.testbed.load.OpenLoopLoad}.
 */
@NullMarked
package dev.presage.testbed.load;

import org.jspecify.annotations.NullMarked;
