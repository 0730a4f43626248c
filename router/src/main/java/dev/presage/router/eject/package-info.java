/**
 * Takes replicas that refuse connections or answer with server errors out of rotation, and back in. Depends on the fleet, observe
 * and pick packages and on no transport. Start at {@link dev.presage.router.eject.OutlierEjection}; the states are {@link
 * dev.presage.router.eject.Standing}.
 */
@NullMarked
package dev.presage.router.eject;

import org.jspecify.annotations.NullMarked;
