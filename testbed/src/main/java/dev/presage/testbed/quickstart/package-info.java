/**
 * The whole loop on one machine: broker, join, store, trainer, routers, simulated replicas and load, as a paired experiment of
 * three policies, with a live page, a progress display and a report. Allowed dependencies: everything of Presage. Start at
 * {@link dev.presage.testbed.quickstart.QuickstartCommand}.
 */
@NullMarked
package dev.presage.testbed.quickstart;

import org.jspecify.annotations.NullMarked;
