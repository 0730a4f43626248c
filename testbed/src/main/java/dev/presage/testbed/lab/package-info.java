/**
 * The policy lab: replays a trace in virtual time over a fleet of simulated engines with any policy, running the very pick and
 * trainer code of production. Depends on the router's core, the trainer's loop, engines and traces; no sockets, no threads.
 * Start at {@link dev.presage.testbed.lab.LabCommand}.
 */
@NullMarked
package dev.presage.testbed.lab;

import org.jspecify.annotations.NullMarked;
