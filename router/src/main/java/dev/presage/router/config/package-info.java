/**
 * The EndpointPickerConfig of the contract, read strictly into one immutable tree of records, plus Presage's own plugin {@code
 * presage-policy}. Depends on the yaml, pick, plugin and scrape packages. Start at {@link dev.presage.router.config.RouterConfig}.
 */
@NullMarked
package dev.presage.router.config;

import org.jspecify.annotations.NullMarked;
