package dev.presage.router.envoy;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;

/**
 * When the answers that were sent are on their way: an event loop flushes once it has gone through what it read, and what it is given to do
 * later waits behind the flush. At once on any other thread.
 */
final class Afterwards {
    private Afterwards() {}

    static void run(Runnable work) {
        EventExecutor loop = ThreadExecutorMap.currentExecutor();
        if (loop == null) {
            work.run();
        } else {
            loop.execute(Carried.now().with(work));
        }
    }
}
