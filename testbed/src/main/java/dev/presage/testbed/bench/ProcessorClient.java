package dev.presage.testbed.bench;

import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** Connections to one external processor, each with an event loop of its own, as a gateway has one per worker. */
final class ProcessorClient implements AutoCloseable {
    /** When a streamed reply begins; what the benchmark's model was trained to expect. */
    static final long FIRST_TOKEN_MS = 20;

    private static final int FLOW_WINDOW = 1 << 20;

    private final MultiThreadIoEventLoopGroup loops;
    private final ScheduledExecutorService engine;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<ExternalProcessorStub> stubs = new ArrayList<>();

    ProcessorClient(int port, boolean tls, int connections) throws SSLException {
        loops = new MultiThreadIoEventLoopGroup(
                connections,
                Thread.ofPlatform().daemon().name("presage-bench-client-", 0).factory(),
                NioIoHandler.newFactory());
        engine = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("presage-bench-engine").factory());
        for (int i = 0; i < connections; i++) {
            NettyChannelBuilder builder = NettyChannelBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                    .eventLoopGroup(loops)
                    .channelType(NioSocketChannel.class)
                    .flowControlWindow(FLOW_WINDOW)
                    .directExecutor();
            if (tls) {
                builder.sslContext(GrpcSslContexts.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build());
            } else {
                builder.usePlaintext();
            }
            ManagedChannel channel = builder.build();
            channels.add(channel);
            stubs.add(ExternalProcessorGrpc.newStub(channel));
        }
    }

    /** The connection of a slot or request; connections take turns. */
    ExternalProcessorStub stub(int turn) {
        return stubs.get(turn % stubs.size());
    }

    /** Replies at once, on the caller. */
    static Consumer<Runnable> atOnce() {
        return Runnable::run;
    }

    /** Replies after the time to first token. */
    Consumer<Runnable> afterFirstToken() {
        return reply -> engine.schedule(reply, FIRST_TOKEN_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        engine.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
