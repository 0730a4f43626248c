package dev.presage.router.envoy;

import dev.presage.router.flow.FlowControl;
import java.util.concurrent.Executor;

/**
 * Flow control in front of the picker, and how a stream goes on after it.
 *
 * @param flow who lets requests in
 * @param answers carries on streams that have waited; must not reject and must not run them on the calling thread
 */
public record Queueing(FlowControl flow, Executor answers) {}
