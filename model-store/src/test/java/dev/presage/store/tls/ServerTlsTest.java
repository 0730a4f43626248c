package dev.presage.store.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTlsTest {
    private static final Instant NOW = Instant.now();
    private static final List<String> NAMES = List.of("localhost", "127.0.0.1");

    @TempDir
    Path directory;

    /** Holds what is to be done later, for the test to do. */
    private static final class Later extends ScheduledThreadPoolExecutor {
        private final List<Runnable> tasks = new ArrayList<>();

        Later() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initial, long delay, TimeUnit unit) {
            tasks.add(task);
            return schedule(() -> {}, 1, TimeUnit.DAYS);
        }
    }

    @Test
    void aNewCertificateIsServedWithoutARestart() throws Exception {
        keep(NOW);
        Later later = new Later();
        try (ServerTls tls = ServerTls.of(file("tls.crt"), file("tls.key"), later)) {
            Certificate first = shown(tls.context(), Authorities.trusting(file("tls.crt")));
            Files.delete(file("tls.crt"));
            keep(NOW);
            FileTime changed = FileTime.from(NOW.plusSeconds(60));
            Files.setLastModifiedTime(file("tls.crt"), changed);
            Files.setLastModifiedTime(file("tls.key"), changed);
            later.tasks.forEach(Runnable::run);
            assertNotEquals(first, shown(tls.context(), Authorities.trusting(file("tls.crt"))));
        }
    }

    @Test
    void theOwnCertificateStaysUntilItIsForOtherNamesOrTooOld() throws Exception {
        keep(NOW);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file("tls.key"))));
        String first = Files.readString(file("tls.crt"));
        keep(NOW.plus(Duration.ofDays(3_000)));
        assertEquals(first, Files.readString(file("tls.crt")));
        SelfSigned.keep(directory, "store", List.of("localhost", "store.presage"), NOW, new SecureRandom());
        String renamed = Files.readString(file("tls.crt"));
        assertNotEquals(first, renamed);
        SelfSigned.keep(
                directory, "store", List.of("store.presage"), NOW.plus(Duration.ofDays(3_600)), new SecureRandom());
        assertNotEquals(renamed, Files.readString(file("tls.crt")));
    }

    @Test
    void whatIsNoCertificateIsRefusedByName() throws Exception {
        Files.writeString(file("tls.crt"), "no PEM");
        Files.writeString(file("tls.key"), "no PEM");
        IOException server = assertThrows(IOException.class, () -> ServerTls.of(file("tls.crt"), file("tls.key")));
        assertTrue(String.valueOf(server.getMessage()).startsWith("no TLS with " + file("tls.crt")));
        IOException client = assertThrows(IOException.class, () -> Authorities.trusting(file("tls.crt")));
        assertTrue(String.valueOf(client.getMessage()).contains(file("tls.crt").toString()));
    }

    /** What a client sees that trusts only these. */
    private static Certificate shown(SSLContext server, SSLContext client) throws Exception {
        try (SSLServerSocket socket = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = Thread.ofVirtual().start(() -> {
                try (SSLSocket accepted = (SSLSocket) socket.accept()) {
                    accepted.startHandshake();
                    accepted.getInputStream().read();
                } catch (IOException e) {
                    // The client sees it.
                }
            });
            try (SSLSocket asking = (SSLSocket)
                    client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), socket.getLocalPort())) {
                asking.startHandshake();
                return asking.getSession().getPeerCertificates()[0];
            } catch (SSLException e) {
                throw new AssertionError("not trusted", e);
            } finally {
                thread.join();
            }
        }
    }

    private void keep(Instant now) throws IOException {
        SelfSigned.keep(directory, "store", NAMES, now, new SecureRandom());
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
