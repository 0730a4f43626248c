package dev.presage.testbed.gateway;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.grpc.ManagedChannel;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientRequest;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One exchange through the front door: request headers and body to the router, its answer to the replica, the reply through the
 * router to the client, chunk by chunk. Two threads: the reply is read and written independently, as full duplex wants.
 */
final class FrontDoorHandler implements Handler {
    private static final String DESTINATION = "x-gateway-destination-endpoint";
    private static final int CHUNK_BYTES = 64 << 10;
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "transfer-encoding",
            "te",
            "upgrade",
            "proxy-connection",
            "content-length",
            "host",
            "expect");

    private final ManagedChannel channel;
    private final Http1Client upstream;

    FrontDoorHandler(ManagedChannel channel, Http1Client upstream) {
        this.channel = channel;
        this.upstream = upstream;
    }

    /** What the router made of the request. */
    private sealed interface Answer {
        record Forward(String destination, byte[] body) implements Answer {}

        record Immediate(ImmediateResponse response) implements Answer {}
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
        RouterStream router = new RouterStream(channel);
        boolean complete = false;
        try {
            askRouter(router, request);
            switch (answer(router, request.content().hasEntity())) {
                case Answer.Immediate immediate -> send(immediate.response(), response);
                case Answer.Forward forward -> forward(router, forward, request, response);
            }
            complete = true;
        } catch (IOException e) {
            if (!response.isSent()) {
                response.status(Status.BAD_GATEWAY_502).send(String.valueOf(e.getMessage()));
            }
        } finally {
            if (complete) {
                router.close();
            } else {
                router.cancel();
            }
        }
    }

    private static void askRouter(RouterStream router, ServerRequest request) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":method", request.prologue().method().text());
        headers.put(":path", path(request));
        headers.put(":authority", request.authority());
        headers.put(":scheme", "http");
        for (Header header : request.headers()) {
            headers.put(header.name().toLowerCase(Locale.ROOT), header.values());
        }
        boolean body = request.content().hasEntity();
        router.requestHeaders(headers, !body);
        if (body) {
            try (InputStream in = request.content().inputStream()) {
                byte[] buffer = new byte[CHUNK_BYTES];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    router.requestBody(ByteString.copyFrom(buffer, 0, read), false);
                }
            }
            router.requestBody(ByteString.EMPTY, true);
        }
    }

    private static Answer answer(RouterStream router, boolean expectsBody) throws IOException, InterruptedException {
        String destination = "";
        ByteString body = ByteString.EMPTY;
        while (true) {
            ProcessingResponse message = router.next();
            switch (message.getResponseCase()) {
                case IMMEDIATE_RESPONSE -> {
                    return new Answer.Immediate(message.getImmediateResponse());
                }
                case REQUEST_HEADERS -> {
                    HeaderMutation mutation =
                            message.getRequestHeaders().getResponse().getHeaderMutation();
                    destination = RouterStream.header(mutation, DESTINATION)
                            .orElseThrow(() -> new IOException("the router named no destination"));
                    if (!expectsBody) {
                        return new Answer.Forward(destination, new byte[0]);
                    }
                }
                case REQUEST_BODY -> {
                    StreamedBodyResponse part = message.getRequestBody()
                            .getResponse()
                            .getBodyMutation()
                            .getStreamedResponse();
                    body = body.concat(part.getBody());
                    if (part.getEndOfStream()) {
                        return new Answer.Forward(destination, body.toByteArray());
                    }
                }
                default -> throw new IOException("unexpected " + message.getResponseCase() + " from the router");
            }
        }
    }

    private void forward(RouterStream router, Answer.Forward to, ServerRequest request, ServerResponse response)
            throws IOException, InterruptedException {
        Http1ClientRequest call = upstream.method(request.prologue().method())
                .uri("http://" + to.destination() + path(request))
                .skipUriEncoding(true);
        for (Header header : request.headers()) {
            if (!HOP_BY_HOP.contains(header.name().toLowerCase(Locale.ROOT))) {
                call.header(header);
            }
        }
        try (HttpClientResponse reply = to.body().length == 0 ? call.request() : call.submit(to.body())) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put(":status", Integer.toString(reply.status().code()));
            for (Header header : reply.headers()) {
                headers.put(header.name().toLowerCase(Locale.ROOT), header.values());
            }
            router.responseHeaders(headers);
            Thread pump = Thread.ofVirtual().name("front-door-reply").start(() -> pump(reply, router));
            try {
                relay(router, reply, response);
            } finally {
                pump.interrupt();
                pump.join();
            }
        } catch (RuntimeException e) {
            throw new IOException("replica " + to.destination() + ": " + e.getMessage(), e);
        }
    }

    /** Everything that the replica says goes to the router. */
    private static void pump(HttpClientResponse reply, RouterStream router) {
        try (InputStream in = reply.inputStream()) {
            byte[] buffer = new byte[CHUNK_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                router.responseBody(ByteString.copyFrom(buffer, 0, read), false);
            }
            router.responseBody(ByteString.EMPTY, true);
        } catch (IOException | RuntimeException e) {
            router.cancel();
        }
    }

    /** Everything that the router says goes to the client. */
    private static void relay(RouterStream router, HttpClientResponse reply, ServerResponse response)
            throws IOException, InterruptedException {
        OutputStream out = null;
        while (true) {
            ProcessingResponse message = router.next();
            switch (message.getResponseCase()) {
                case IMMEDIATE_RESPONSE -> {
                    send(message.getImmediateResponse(), response);
                    return;
                }
                case RESPONSE_HEADERS -> {
                    response.status(reply.status());
                    for (Header header : reply.headers()) {
                        if (!HOP_BY_HOP.contains(header.name().toLowerCase(Locale.ROOT))) {
                            response.header(header);
                        }
                    }
                    out = response.outputStream();
                }
                case RESPONSE_BODY -> {
                    StreamedBodyResponse part = message.getResponseBody()
                            .getResponse()
                            .getBodyMutation()
                            .getStreamedResponse();
                    if (out == null) {
                        throw new IOException("body before headers from the router");
                    }
                    part.getBody().writeTo(out);
                    if (part.getEndOfStream()) {
                        out.close();
                        return;
                    }
                    out.flush();
                }
                default -> throw new IOException("unexpected " + message.getResponseCase() + " from the router");
            }
        }
    }

    private static void send(ImmediateResponse immediate, ServerResponse response) {
        response.status(Status.create(immediate.getStatus().getCodeValue()));
        immediate
                .getHeaders()
                .getSetHeadersList()
                .forEach(option -> response.header(
                        HeaderNames.create(option.getHeader().getKey()),
                        option.getHeader().getRawValue().toStringUtf8()));
        response.send(immediate.getBody().toByteArray());
    }

    private static String path(ServerRequest request) {
        String query = request.query().rawValue();
        return request.path().rawPath() + (query.isEmpty() ? "" : "?" + query);
    }
}
