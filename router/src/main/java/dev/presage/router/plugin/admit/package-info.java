/**
 * Who may come in when the fleet is full: saturation detectors, which also filter, the contract's admitters and the gate that asks
 * them. {@link dev.presage.router.plugin.admit.Admission} lists their types. Depends on the plugin and pick packages.
 */
@NullMarked
package dev.presage.router.plugin.admit;

import org.jspecify.annotations.NullMarked;
