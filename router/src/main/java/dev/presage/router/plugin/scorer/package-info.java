/**
 * The scorers of the contract: load, cache, prefix, LoRA, predicted latency, context length and session. Each is a small record whose
 * doc is its formula; {@link dev.presage.router.plugin.scorer.Scorers} lists their types. Depends on the plugin package only.
 */
@NullMarked
package dev.presage.router.plugin.scorer;

import org.jspecify.annotations.NullMarked;
