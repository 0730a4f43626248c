package dev.presage.router.envoy;

import io.opentelemetry.context.Context;

/** What travels with the thread that handles a message, for work of its stream that is done later or elsewhere. Immutable. */
record Carried(io.grpc.Context call, Context trace) {
    /** Asked on that thread. */
    static Carried now() {
        return new Carried(io.grpc.Context.current(), Context.current());
    }

    Runnable with(Runnable work) {
        return call.wrap(trace.wrap(work));
    }
}
