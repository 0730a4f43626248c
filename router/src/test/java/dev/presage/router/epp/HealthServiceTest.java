package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServiceTest {
    private static final String PROCESSOR = "envoy.service.ext_proc.v3.ExternalProcessor";

    private boolean ready;
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(new HealthService(() -> ready, true).definition())
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void allServicesAreListed() throws IOException {
        assertEquals(
                Map.of(
                        "",
                        ServingStatus.NOT_SERVING,
                        "readiness",
                        ServingStatus.NOT_SERVING,
                        PROCESSOR,
                        ServingStatus.NOT_SERVING,
                        "liveness",
                        ServingStatus.SERVING),
                list());
        ready = true;
        assertEquals(ServingStatus.SERVING, list().get(PROCESSOR));
        assertEquals(
                ServingStatus.SERVING,
                HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus());
    }

    @Test
    void watchingIsNotImplemented() {
        var watching = HealthGrpc.newBlockingStub(channel).watch(HealthCheckRequest.getDefaultInstance());
        assertEquals(
                Status.Code.UNIMPLEMENTED,
                assertThrows(StatusRuntimeException.class, watching::next)
                        .getStatus()
                        .getCode());
    }

    /** Reads the answer as a map of field 1. */
    private Map<String, ServingStatus> list() throws IOException {
        Empty answer = ClientCalls.blockingUnaryCall(
                channel, HealthList.METHOD, CallOptions.DEFAULT, Empty.getDefaultInstance());
        Map<String, ServingStatus> statuses = new TreeMap<>();
        for (ByteString entry : answer.getUnknownFields().getField(1).getLengthDelimitedList()) {
            UnknownFieldSet fields = UnknownFieldSet.parseFrom(entry);
            statuses.put(
                    fields.getField(1).getLengthDelimitedList().getFirst().toStringUtf8(),
                    HealthCheckResponse.parseFrom(
                                    fields.getField(2).getLengthDelimitedList().getFirst())
                            .getStatus());
        }
        return statuses;
    }
}
