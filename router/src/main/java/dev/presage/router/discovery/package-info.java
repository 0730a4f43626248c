/**
 * Endpoints from a watched file, for fleets without Kubernetes. An invalid file never takes endpoints away: the last good set
 * stays, the error is precise and counted. Depends on the yaml and fleet packages. Start at {@link
 * dev.presage.router.discovery.FileDiscovery}.
 */
@NullMarked
package dev.presage.router.discovery;

import org.jspecify.annotations.NullMarked;
