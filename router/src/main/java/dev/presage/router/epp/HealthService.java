package dev.presage.router.epp;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.function.BooleanSupplier;

/**
 * The contract's health service: any name asks for readiness, {@code liveness} for the process itself. A watch is not
 * implemented there either.
 */
final class HealthService extends HealthGrpc.HealthImplBase {
    private static final String LIVENESS = "liveness";

    private final BooleanSupplier ready;

    HealthService(BooleanSupplier ready) {
        this.ready = ready;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
        answer.onNext(status(request.getService()));
        answer.onCompleted();
    }

    private HealthCheckResponse status(String service) {
        boolean serving = service.equals(LIVENESS) || ready.getAsBoolean();
        return HealthCheckResponse.newBuilder()
                .setStatus(serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
                .build();
    }
}
