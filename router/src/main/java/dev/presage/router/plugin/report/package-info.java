/**
 * Plugins that tell clients and gateways of replies. Core package: depends on the plugin contracts and on CEL for expressions. Start
 * at {@link dev.presage.router.plugin.report.Reports}.
 */
@NullMarked
package dev.presage.router.plugin.report;

import org.jspecify.annotations.NullMarked;
