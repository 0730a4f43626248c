/**
 * The filters of the contract: by role, label, header, session, load, context length, cached prefix and predicted headroom. Each is
 * a small record; {@link dev.presage.router.plugin.filter.Filters} lists their types. Depends on the plugin package only.
 */
@NullMarked
package dev.presage.router.plugin.filter;

import org.jspecify.annotations.NullMarked;
