package dev.presage.router.epp;

import dev.presage.router.envoy.ExtProcService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ext_proc port and the health port. Calls run on Netty's event loops. {@link #close} waits a while for streams that are
 * open and then cuts them.
 */
final class GrpcPorts implements AutoCloseable {
    private static final Duration LAST_STREAMS = Duration.ofSeconds(5);
    private static final int FLOW_WINDOW = 1 << 20;
    private static final int KEEP_ALIVE_SECONDS = 5;

    private final ExtProcService service;
    private final @Nullable Tls tls;
    private final Server processor;
    private final Server health;

    private GrpcPorts(ExtProcService service, @Nullable Tls tls, Server processor, Server health) {
        this.service = service;
        this.tls = tls;
        this.processor = processor;
        this.health = health;
    }

    static GrpcPorts open(ServingFlags flags, ExtProcService service, BooleanSupplier ready, InstantSource clock)
            throws IOException, GeneralSecurityException {
        Tls tls = flags.secureServing ? Tls.of(flags, clock) : null;
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(flags.bindAddress, flags.grpcPort))
                .directExecutor()
                .maxInboundMessageSize(flags.maxReceived)
                .flowControlWindow(FLOW_WINDOW)
                .permitKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(service);
        if (flags.healthChecking) {
            builder.addService(new HealthService(() -> true));
        }
        if (tls != null) {
            builder.sslContext(tls.context());
        }
        Server processor = builder.build().start();
        try {
            Server health = NettyServerBuilder.forAddress(new InetSocketAddress(flags.bindAddress, flags.healthPort))
                    .directExecutor()
                    .addService(new HealthService(ready))
                    .build()
                    .start();
            return new GrpcPorts(service, tls, processor, health);
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

    @Override
    public void close() {
        processor.shutdown();
        try {
            if (!processor.awaitTermination(LAST_STREAMS.toMillis(), TimeUnit.MILLISECONDS)) {
                service.stopping();
                processor.shutdownNow();
                processor.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            service.stopping();
            processor.shutdownNow();
            Thread.currentThread().interrupt();
        }
        health.shutdownNow();
        if (tls != null) {
            tls.close();
        }
    }
}
