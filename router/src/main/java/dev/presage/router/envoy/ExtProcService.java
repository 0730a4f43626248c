package dev.presage.router.envoy;

import dev.presage.router.EndpointPicker;
import dev.presage.router.observe.EndCause;
import dev.presage.router.pool.PoolRules;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * {@code envoy.service.ext_proc.v3.ExternalProcessor/Process}: one stream per HTTP request. Called on gRPC's event loops (serve
 * it with a direct executor); streams share nothing but the picker. A stream that ends in any way ends its exchange once.
 */
public final class ExtProcService extends ExternalProcessorGrpc.ExternalProcessorImplBase {
    private final RequestRouting routing;
    private final LongSupplier nanoClock;
    private volatile boolean stopping;

    /** Of a pool without objectives and model rewrites. */
    public ExtProcService(
            EndpointPicker picker,
            ExtProcSettings settings,
            ExtProcListener listener,
            LongSupplier nanoClock,
            Supplier<String> ids) {
        this(picker, settings, listener, nanoClock, ids, () -> PoolRules.NONE, SplittableRandom::new);
    }

    /**
     * @param nanoClock the clock of the picker, read when a message arrives
     * @param ids makes the router's own request ids, unique across routers
     * @param rules the pool's rules as they are now; asked for every request
     * @param random draws between the targets of a rewrite; asked on the thread that uses it
     */
    public ExtProcService(
            EndpointPicker picker,
            ExtProcSettings settings,
            ExtProcListener listener,
            LongSupplier nanoClock,
            Supplier<String> ids,
            Supplier<PoolRules> rules,
            Supplier<RandomGenerator> random) {
        this.routing = new RequestRouting(picker, new Addressing(rules, random, listener), settings, listener, ids);
        this.nanoClock = nanoClock;
    }

    @Override
    public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> envoy) {
        var call = (ServerCallStreamObserver<ProcessingResponse>) envoy;
        ProcessStream stream = new ProcessStream(new Session(call, routing), call, nanoClock, this::abandonment);
        call.setOnCancelHandler(stream::cancelled);
        call.disableAutoRequest();
        call.setOnReadyHandler(stream::writable);
        call.request(1);
        return stream;
    }

    /** From now on a stream that is cut short is cut by us. Called before the server is stopped by force. */
    public void stopping() {
        stopping = true;
    }

    private EndCause abandonment() {
        return stopping ? EndCause.ROUTER_SHUTDOWN : EndCause.CLIENT_DISCONNECT;
    }
}
