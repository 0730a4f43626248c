/**
 * What the contract's scheduling plugins have in common: the interfaces, the round that they work on, their parameters and the
 * types that a configuration may name. Core package: depends on observe, pick, predict, fleet and request, and on yaml for parameters;
 * knows no transport. Start at {@link dev.presage.router.plugin.Round}.
 */
@NullMarked
package dev.presage.router.plugin;

import org.jspecify.annotations.NullMarked;
