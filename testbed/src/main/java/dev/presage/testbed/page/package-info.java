/**
 * A live page on loopback: static files and one JSON document that the page polls once a second. Allowed dependencies: the JDK
 * and Helidon; knows nothing of what the document says. Start at {@link dev.presage.testbed.page.LivePage}.
 */
@NullMarked
package dev.presage.testbed.page;

import org.jspecify.annotations.NullMarked;
