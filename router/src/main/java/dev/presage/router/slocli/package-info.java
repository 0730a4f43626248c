/**
 * {@code presage slo}: checks LatencySLO documents, makes Prometheus rules of them, and exchanges them with OpenSLO. Files in,
 * text out; runs without a router. Depends on the slo and yaml packages. Start at {@link
 * dev.presage.router.slocli.SloCommand}.
 */
@NullMarked
package dev.presage.router.slocli;

import org.jspecify.annotations.NullMarked;
