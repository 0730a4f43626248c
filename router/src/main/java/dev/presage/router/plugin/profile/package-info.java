/**
 * Scheduling profiles and what runs them: the ladder within a profile, the handlers that choose or split profiles, and the deciders
 * about splits. Depends on the plugin and pick packages. Start at {@link dev.presage.router.plugin.profile.ProfileScheduler}.
 */
@NullMarked
package dev.presage.router.plugin.profile;

import org.jspecify.annotations.NullMarked;
