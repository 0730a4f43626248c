/**
 * Which endpoint is expected to hold which prefix blocks in its KV cache. Core package: no transport. Start at {@link
 * dev.presage.router.prefix.PrefixIndex}.
 */
@NullMarked
package dev.presage.router.prefix;

import org.jspecify.annotations.NullMarked;
