/**
 * The store in a browser: what routes, how good it is, who changed what, and promotion with its evidence in view. Pages are rendered here from
 * templates that are compiled with the code ({@code src/main/jte}); scripts and styles come from the jar. Depends on the registry, the
 * evidence, the event log, {@code service}'s access rules, Helidon's server and the JDK's HTTP client; start at {@link
 * dev.presage.store.console.Console}.
 */
@NullMarked
package dev.presage.store.console;

import org.jspecify.annotations.NullMarked;
