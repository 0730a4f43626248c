/**
 * Sessions and agent programs: where each has its KV cache, how much of it, and when its next step is due. Core package: depends on
 * requests, decisions and the plugin contracts. Start at {@link dev.presage.router.program.ProgramBook}.
 */
@NullMarked
package dev.presage.router.program;

import org.jspecify.annotations.NullMarked;
