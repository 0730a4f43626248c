package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two ports over real sockets, by their flags. */
class GrpcPortsTest {
    @TempDir
    Path directory = Path.of(".");

    @Test
    void theVersionAndTheSuitesOfTlsAreTheFlags() throws Exception {
        String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
        try (EppServer server = start("--tls-cipher-suites=" + suite + ",TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")) {
            assertEquals("TLSv1.3", session(server, "TLSv1.3", "TLSv1.2").getProtocol(), "1.3 is not given up for it");
            assertEquals(
                    "AES_256_GCM_SHA384",
                    session(server, "TLSv1.2").getCipherSuite().replaceAll(".*_WITH_", ""));
        }
        try (EppServer server = start("--tls-min-version=VersionTLS13")) {
            assertEquals("TLSv1.3", session(server, "TLSv1.3").getProtocol());
            assertThrows(SSLException.class, () -> session(server, "TLSv1.2"));
        }
    }

    @Test
    void aReplacedCertificateIsServedToNewConnections() throws Exception {
        GatewayCertificate.write(directory);
        try (EppServer server = start("--cert-path=" + directory, "--enable-cert-reload")) {
            BigInteger first = serial(server);
            assertEquals(first, serial(server));
            GatewayCertificate.write(directory);
            for (String file : new String[] {"tls.crt", "tls.key"}) {
                Files.setLastModifiedTime(
                        directory.resolve(file), FileTime.from(Instant.now().plusSeconds(5)));
            }
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            BigInteger served = first;
            while (served.equals(first) && System.nanoTime() < deadline) {
                LockSupport.parkNanos(20_000_000);
                served = serial(server);
            }
            assertNotEquals(first, served, "still the old certificate");
        }
    }

    @Test
    void theExtProcPortHasAHealthServiceIfAsked() throws Exception {
        try (EppServer with = start("--secure-serving=false", "--health-checking");
                EppServer without = start("--secure-serving=false")) {
            assertEquals(ServingStatus.SERVING, health(with));
            assertThrows(StatusRuntimeException.class, () -> health(without));
            assertEquals(ServingStatus.NOT_SERVING, EppServerTest.health(with, ""), "the other port tells the truth");
        }
    }

    private static ServingStatus health(EppServer server) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.processorPort())
                .usePlaintext()
                .build();
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .check(HealthCheckRequest.newBuilder()
                            .setService("envoy.service.ext_proc.v3.ExternalProcessor")
                            .build())
                    .getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    private EppServer start(String... args) throws Exception {
        String[] all = new String[args.length + 1];
        all[0] = "--data-dir=" + directory;
        System.arraycopy(args, 0, all, 1, args.length);
        EppServerTest.Flags flags = EppServerTest.Flags.of(all);
        flags.serving.certReloadEvery = Duration.ofMillis(20);
        return EppServer.start(flags.serving, flags.fleet, flags.observe);
    }

    private static BigInteger serial(EppServer server) throws Exception {
        return ((X509Certificate) session(server, "TLSv1.3").getPeerCertificates()[0]).getSerialNumber();
    }

    private static SSLSession session(EppServer server, String... protocols) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", server.processorPort())) {
            socket.setEnabledProtocols(protocols);
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession();
        }
    }
}
