/**
 * The launcher's main class. Each module contributes its subcommands as {@link dev.presage.cli.Subcommand} services, so
 * the class path decides what {@code presage} can do: the router's image needs no trainer. Start at {@link
 * dev.presage.cli.Presage}.
 */
@NullMarked
package dev.presage.cli;

import org.jspecify.annotations.NullMarked;
