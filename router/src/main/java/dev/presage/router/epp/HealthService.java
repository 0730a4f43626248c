package dev.presage.router.epp;

import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * The contract's health service: {@code liveness} asks for the process itself, every other name for readiness. Among routers that
 * elect a leader only three names do, and others are unknown. A watch is not implemented there either.
 */
final class HealthService extends HealthGrpc.HealthImplBase {
    private static final String LIVENESS = "liveness";

    private static final Set<String> READINESS = Set.of("", "readiness", "envoy.service.ext_proc.v3.ExternalProcessor");

    private final BooleanSupplier ready;
    private final boolean elects;

    HealthService(BooleanSupplier ready, boolean elects) {
        this.ready = ready;
        this.elects = elects;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
        answer.onNext(status(request.getService()));
        answer.onCompleted();
    }

    /** The service with all its calls. */
    ServerServiceDefinition definition() {
        ServerServiceDefinition.Builder all = ServerServiceDefinition.builder(HealthGrpc.SERVICE_NAME);
        bindService().getMethods().forEach(all::addMethod);
        return all.addMethod(HealthList.of(this::statuses)).build();
    }

    private Map<String, HealthCheckResponse> statuses() {
        Map<String, HealthCheckResponse> statuses = new TreeMap<>();
        READINESS.forEach(service -> statuses.put(service, status(service)));
        statuses.put(LIVENESS, status(LIVENESS));
        return statuses;
    }

    private HealthCheckResponse status(String service) {
        return HealthCheckResponse.newBuilder().setStatus(statusOf(service)).build();
    }

    private ServingStatus statusOf(String service) {
        if (service.equals(LIVENESS)) {
            return ServingStatus.SERVING;
        }
        if (elects && !READINESS.contains(service)) {
            return ServingStatus.SERVICE_UNKNOWN;
        }
        return ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }
}
