/**
 * Flow control: who waits where, who goes next, who is turned away. {@link dev.presage.router.flow.FlowQueues} is the pure core,
 * used by one thread with the time given from outside, the same in the router and in the policy lab; {@link
 * dev.presage.router.flow.FlowControl} is that one thread; {@link dev.presage.router.flow.FleetSpace} says where there is room.
 * Depends on the core packages only.
 */
@NullMarked
package dev.presage.router.flow;

import org.jspecify.annotations.NullMarked;
