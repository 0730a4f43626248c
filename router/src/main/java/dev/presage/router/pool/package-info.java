/**
 * What the pool's owner declared about requests: objectives with priorities and rules that rewrite model names. Values only;
 * discovery writes them, the adapter that reads requests applies them. Depends on nothing here. Start at {@link
 * dev.presage.router.pool.PoolRules}.
 */
@NullMarked
package dev.presage.router.pool;

import org.jspecify.annotations.NullMarked;
