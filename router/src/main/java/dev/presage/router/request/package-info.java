/**
 * What the router knows of a request before it picks: lengths, hashes and ids, never text. Depends on
 * {@code router.body} and on nothing of the transport; start at {@link dev.presage.router.request.RequestFormats}, which gives
 * the reader that makes an {@link dev.presage.router.request.InferenceRequest}.
 */
@NullMarked
package dev.presage.router.request;

import org.jspecify.annotations.NullMarked;
