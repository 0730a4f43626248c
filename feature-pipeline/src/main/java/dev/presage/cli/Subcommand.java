package dev.presage.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code presage}: a picocli {@code @Command} whose result is the exit code. Modules name theirs in
 * {@code META-INF/services/dev.presage.cli.Subcommand}; instances are made once per process on the main thread.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 bad arguments (picocli's own).
 */
public interface Subcommand extends Callable<Integer> {}
