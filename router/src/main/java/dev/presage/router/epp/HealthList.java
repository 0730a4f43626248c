package dev.presage.router.epp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The call {@code List} of the health service, which the library's version of the protocol lacks. Its messages are {@code
 * HealthListRequest {}} and {@code HealthListResponse { map<string, HealthCheckResponse> statuses = 1; }}; here they are empty messages
 * and their unknown fields, which have the same bytes.
 */
final class HealthList {
    static final MethodDescriptor<Empty, Empty> METHOD = MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(HealthGrpc.SERVICE_NAME, "List"))
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();

    private static final int STATUSES = 1;
    private static final int KEY = 1;
    private static final int VALUE = 2;

    private HealthList() {}

    /** Answers with the statuses as they are when it is called. */
    static ServerMethodDefinition<Empty, Empty> of(Supplier<Map<String, HealthCheckResponse>> statuses) {
        return ServerMethodDefinition.create(METHOD, ServerCalls.asyncUnaryCall((request, answer) -> {
            answer.onNext(encoded(statuses.get()));
            answer.onCompleted();
        }));
    }

    private static Empty encoded(Map<String, HealthCheckResponse> statuses) {
        UnknownFieldSet.Field.Builder entries = UnknownFieldSet.Field.newBuilder();
        statuses.forEach((name, status) -> entries.addLengthDelimited(UnknownFieldSet.newBuilder()
                .addField(KEY, bytes(ByteString.copyFromUtf8(name)))
                .addField(VALUE, bytes(status.toByteString()))
                .build()
                .toByteString()));
        return Empty.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(STATUSES, entries.build())
                        .build())
                .build();
    }

    private static UnknownFieldSet.Field bytes(ByteString value) {
        return UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build();
    }
}
