/**
 * Session affinity: requests of one session go where the last one went, as a filter or as a scorer. Core package: depends on the
 * plugin contracts. Start at {@link dev.presage.router.plugin.session.Sessions}.
 */
@NullMarked
package dev.presage.router.plugin.session;

import org.jspecify.annotations.NullMarked;
