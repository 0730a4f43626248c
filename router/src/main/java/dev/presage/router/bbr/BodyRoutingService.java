package dev.presage.router.bbr;

import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;

/**
 * {@code envoy.service.ext_proc.v3.ExternalProcessor/Process} for body-based routing. Called on gRPC's event loops; streams share
 * nothing but the base models.
 */
public final class BodyRoutingService extends ExternalProcessorGrpc.ExternalProcessorImplBase {
    private final BaseModels bases;
    private final boolean streaming;
    private final int maxHeldBytes;
    private final BodyRoutingListener listener;

    /**
     * @param streaming what to take for a gateway's mode that it does not say itself: streamed both ways rather than buffered
     * @param maxHeldBytes a body whose model comes later than this passes as it is
     */
    public BodyRoutingService(BaseModels bases, boolean streaming, int maxHeldBytes, BodyRoutingListener listener) {
        if (maxHeldBytes < 0) {
            throw new IllegalArgumentException("maxHeldBytes " + maxHeldBytes + " must not be negative");
        }
        this.bases = bases;
        this.streaming = streaming;
        this.maxHeldBytes = maxHeldBytes;
        this.listener = listener;
    }

    @Override
    public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> envoy) {
        ModelHeaders headers = new ModelHeaders(bases, listener);
        return new BodyRoutingStream(envoy, headers, streaming, maxHeldBytes);
    }
}
