package dev.presage.router.epp;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ext_proc port and the health port of one process. Calls run on Netty's event loops. {@link #close} waits a while for streams that are
 * open and then cuts them.
 */
final class GrpcPorts implements AutoCloseable {
    private static final Duration LAST_STREAMS = Duration.ofSeconds(5);
    private static final int FLOW_WINDOW = 1 << 20;
    private static final int KEEP_ALIVE_SECONDS = 5;
    /** Answers to what was read leave before more is read, so that Envoy need not wait for a whole megabyte of other requests. */
    private static final int READ_BYTES = 32 * 1024;

    private final Runnable stopping;
    private final @Nullable Tls tls;
    private final Server processor;
    private final Server health;

    private GrpcPorts(Runnable stopping, @Nullable Tls tls, Server processor, Server health) {
        this.stopping = stopping;
        this.tls = tls;
        this.processor = processor;
        this.health = health;
    }

    /**
     * Opens both.
     *
     * @param service the external processor
     * @param stopping called before streams are cut
     * @param watched the interceptors of the ext_proc port, outermost first
     * @param connections told of its connections
     * @param healthService of the health port
     */
    static GrpcPorts open(
            ListenFlags flags,
            BindableService service,
            Runnable stopping,
            List<ServerInterceptor> watched,
            ServerTransportFilter connections,
            HealthService healthService,
            InstantSource clock)
            throws IOException, GeneralSecurityException {
        Tls tls = flags.secureServing ? Tls.of(flags, clock) : null;
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(flags.bindAddress, flags.grpcPort))
                .directExecutor()
                .maxInboundMessageSize(flags.maxReceived)
                .flowControlWindow(FLOW_WINDOW)
                .withChildOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1))
                .permitKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addTransportFilter(connections)
                .addService(ServerInterceptors.interceptForward(service.bindService(), watched));
        if (flags.healthChecking) {
            builder.addService(new HealthService(() -> true, false).definition());
        }
        if (tls != null) {
            builder.sslContext(tls.context());
        }
        Server processor = builder.build().start();
        try {
            Server health = NettyServerBuilder.forAddress(new InetSocketAddress(flags.bindAddress, flags.healthPort))
                    .directExecutor()
                    .addService(healthService.definition())
                    .build()
                    .start();
            return new GrpcPorts(stopping, tls, processor, health);
        } catch (IOException e) {
            processor.shutdownNow();
            throw e;
        }
    }

    int processorPort() {
        return processor.getPort();
    }

    int healthPort() {
        return health.getPort();
    }

    /** No new connections or streams, and wait for the open ones; those left after {@code patience} are cut. */
    void stop(Duration patience) {
        processor.shutdown();
        try {
            if (!processor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                stopping.run();
                processor.shutdownNow();
                processor.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            stopping.run();
            processor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop(LAST_STREAMS);
        health.shutdownNow();
        if (tls != null) {
            tls.close();
        }
    }
}
