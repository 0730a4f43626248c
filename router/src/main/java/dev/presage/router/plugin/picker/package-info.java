/**
 * The pickers of the contract: highest score, uniform, and by weight. {@link dev.presage.router.plugin.picker.Pickers} lists their
 * types. Depends on the plugin package only.
 */
@NullMarked
package dev.presage.router.plugin.picker;

import org.jspecify.annotations.NullMarked;
