/**
 * Policies and the ladder between them: pure functions of (request, candidates, model, random), so that the router, the
 * policy lab and a replay of the log run the same code. Start at {@link dev.presage.router.pick.Policy}.
 */
@NullMarked
package dev.presage.router.pick;

import org.jspecify.annotations.NullMarked;
