package dev.presage.testbed.gateway;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.helidon.common.socket.SocketOptions;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServer;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * A gateway for machines without Envoy: an HTTP/1.1 server that asks the router over ext_proc, full duplex, as Envoy does, and
 * passes the exchange on to where the router says. Requests fail when the router does. Each runs on a virtual thread.
 */
final class FrontDoor implements Gateway {
    private static final int MAX_BODY_BYTES = 32 << 20;
    private static final int MAX_CONNECTIONS = 4_096;
    private static final Duration READ_LIMIT = Duration.ofMinutes(10);

    private final Map<String, WebServer> servers = new HashMap<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Http1Client upstream = Http1Client.builder()
            .connectionCacheSize(MAX_CONNECTIONS)
            .followRedirects(false)
            .socketOptions(SocketOptions.builder()
                    .connectTimeout(Duration.ofSeconds(5))
                    .readTimeout(READ_LIMIT)
                    .tcpNoDelay(true)
                    .build())
            .build();

    private FrontDoor() {}

    static FrontDoor start(List<Lane> lanes, boolean tlsToRouter) throws GatewayException {
        FrontDoor door = new FrontDoor();
        try {
            for (Lane lane : lanes) {
                door.open(lane, tlsToRouter);
            }
            return door;
        } catch (SSLException | RuntimeException e) {
            door.close();
            throw new GatewayException("the front door did not start: " + e.getMessage(), e);
        }
    }

    private void open(Lane lane, boolean tls) throws SSLException {
        if (!lane.hasRouter()) {
            throw new IllegalArgumentException("the front door needs a router for lane " + lane.name());
        }
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress("127.0.0.1", lane.routerPort());
        if (tls) {
            builder.sslContext(GrpcSslContexts.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build());
        } else {
            builder.usePlaintext();
        }
        ManagedChannel channel = builder.build();
        channels.add(channel);
        FrontDoorHandler handler = new FrontDoorHandler(channel, upstream);
        servers.put(
                lane.name(),
                WebServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .shutdownHook(false)
                        .maxPayloadSize(MAX_BODY_BYTES)
                        .connectionOptions(socket -> socket.tcpNoDelay(true))
                        .routing(routing -> routing.any(handler))
                        .build()
                        .start());
    }

    @Override
    public String description() {
        return "the built-in front door";
    }

    @Override
    public URI baseUrl(String lane) {
        WebServer server = servers.get(lane);
        if (server == null) {
            throw new IllegalArgumentException("no lane '" + lane + "', known are " + servers.keySet());
        }
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        servers.values().forEach(WebServer::stop);
        upstream.closeResource();
        for (ManagedChannel channel : channels) {
            channel.shutdownNow();
            try {
                channel.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
