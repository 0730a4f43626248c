/**
 * Which bundles exist and which of them serve: publishing, aliases that move under optimistic concurrency, the audit log and retention.
 * {@link dev.presage.store.registry.DirectoryRegistry} keeps it in a directory and survives being killed at any point. Depends on
 * {@code dev.presage.store.bundle} only; start at {@link dev.presage.store.registry.ModelRegistry}.
 */
@NullMarked
package dev.presage.store.registry;

import org.jspecify.annotations.NullMarked;
