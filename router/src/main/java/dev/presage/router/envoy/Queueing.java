package dev.presage.router.envoy;

import dev.presage.router.flow.FlowControl;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Flow control in front of the picker, and how a stream goes on after it.
 *
 * @param flow who lets requests in
 * @param answers carries on streams that have waited; must not reject and must not run them on the calling thread
 * @param context captures what travels with the thread that handles a message, for the thread that carries it on
 */
public record Queueing(FlowControl flow, Executor answers, Supplier<UnaryOperator<Runnable>> context) {}
