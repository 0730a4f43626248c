package dev.presage.router.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Receives OTLP over gRPC and HTTP; reads the messages by the numbers of their fields. */
final class OtlpSink implements AutoCloseable {
    private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";

    /** One span, with the service of its resource. */
    record Received(
            String service, String name, String trace, String id, String parent, Map<String, Object> attributes) {}

    final BlockingQueue<Received> spans = new LinkedBlockingQueue<>();
    private final Server grpc;
    private final HttpServer http;

    OtlpSink() throws IOException {
        MethodDescriptor<byte[], byte[]> export = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Export"))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        grpc = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(export, ServerCalls.asyncUnaryCall((request, answer) -> {
                            take(request);
                            answer.onNext(new byte[0]);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
        http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        http.createContext("/v1/traces", exchange -> {
            take(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        http.start();
    }

    String endpoint(String protocol) {
        int port = protocol.equals("grpc") ? grpc.getPort() : http.getAddress().getPort();
        return "http://127.0.0.1:" + port;
    }

    private void take(byte[] request) {
        try {
            for (UnknownFieldSet resource : messages(UnknownFieldSet.parseFrom(request), 1)) {
                String service = "";
                for (UnknownFieldSet described : messages(resource, 1)) {
                    service = String.valueOf(attributes(described, 1).get("service.name"));
                }
                for (UnknownFieldSet scope : messages(resource, 2)) {
                    for (UnknownFieldSet span : messages(scope, 2)) {
                        spans.add(new Received(
                                service,
                                bytes(span, 5).toStringUtf8(),
                                hex(span, 1),
                                hex(span, 2),
                                hex(span, 4),
                                attributes(span, 9)));
                    }
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet from, int field)
            throws InvalidProtocolBufferException {
        List<UnknownFieldSet> all = new ArrayList<>();
        for (ByteString bytes : from.getField(field).getLengthDelimitedList()) {
            all.add(UnknownFieldSet.parseFrom(bytes));
        }
        return all;
    }

    private static Map<String, Object> attributes(UnknownFieldSet from, int field)
            throws InvalidProtocolBufferException {
        Map<String, Object> all = new HashMap<>();
        for (UnknownFieldSet pair : messages(from, field)) {
            UnknownFieldSet value = messages(pair, 2).getFirst();
            String name = bytes(pair, 1).toStringUtf8();
            value.asMap().forEach((kind, content) -> {
                if (kind == 1) {
                    all.put(name, content.getLengthDelimitedList().getFirst().toStringUtf8());
                } else if (kind == 4) {
                    all.put(
                            name,
                            Double.longBitsToDouble(content.getFixed64List().getFirst()));
                } else {
                    all.put(name, content.getVarintList().getFirst());
                }
            });
        }
        return all;
    }

    private static ByteString bytes(UnknownFieldSet from, int field) {
        List<ByteString> values = from.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.getFirst();
    }

    private static String hex(UnknownFieldSet from, int field) {
        return HexFormat.of().formatHex(bytes(from, field).toByteArray());
    }

    @Override
    public void close() {
        grpc.shutdownNow();
        http.stop(0);
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
