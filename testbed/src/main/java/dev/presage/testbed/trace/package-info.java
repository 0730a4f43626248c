/**
 * Public request traces: who asked when, with how many tokens, sharing which prefix. Reads the Mooncake and Azure
 * formats from a file or the class path, and turns a trace request into block hashes for the simulated engine and the
 * router's index, or into text for a live replay. Allowed dependencies: the JDK and Jackson; start at {@link
 * dev.presage.testbed.trace.Trace}.
 */
@NullMarked
package dev.presage.testbed.trace;

import org.jspecify.annotations.NullMarked;
