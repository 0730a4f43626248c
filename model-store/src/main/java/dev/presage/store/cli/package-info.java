/**
 * The model store on the command line: {@code presage store} runs it, {@code presage models} looks at versions and moves aliases, on a
 * server or on a directory that no server has open. Depends on the other packages of this module, picocli and the launcher; start at
 * {@link dev.presage.store.cli.StoreCommand} and {@link dev.presage.store.cli.ModelsCommand}.
 */
@NullMarked
package dev.presage.store.cli;

import org.jspecify.annotations.NullMarked;
