/**
 * The life of one routed request after the pick: first token, tokens, usage, end and its cause, told to listeners as an
 * {@link dev.presage.router.observe.Outcome}. Core package: no transport. Start at {@link
 * dev.presage.router.observe.Exchange}.
 */
@NullMarked
package dev.presage.router.observe;

import org.jspecify.annotations.NullMarked;
