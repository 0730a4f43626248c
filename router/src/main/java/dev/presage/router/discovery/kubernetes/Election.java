package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Competes for a pool's Lease for as long as it is open. Leads from the moment that the Lease names this router until it names
 * nobody or another: a server that does not answer elects nobody else, so it does not end the lead. {@link #close} gives the
 * Lease back, so that the next router need not wait for it to expire.
 */
final class Election implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Election.class);
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final KubernetesSettings settings;
    private final Runnable changed;
    private volatile boolean leads;
    private boolean closed;
    private @Nullable CompletableFuture<?> running;

    /** {@code changed} is told of every change of the lead and must return at once. */
    Election(KubernetesClient client, KubernetesSettings settings, Runnable changed) {
        this.client = client;
        this.settings = settings;
        this.changed = changed;
    }

    boolean leads() {
        return leads;
    }

    /** Starts to compete. An elector serves one term; the next one is begun when it ends. */
    synchronized void compete() {
        if (closed) {
            return;
        }
        LeaderElectionConfig config = new LeaderElectionConfigBuilder()
                .withName(settings.leaseName())
                .withLock(new LeaseLock(settings.namespace(), settings.leaseName(), settings.identity()))
                .withLeaseDuration(LEASE)
                .withRenewDeadline(RENEW_DEADLINE)
                .withRetryPeriod(RETRY)
                .withReleaseOnCancel(true)
                .withLeaderCallbacks(new LeaderCallbacks(() -> {}, () -> {}, this::observed))
                .build();
        CompletableFuture<?> term =
                client.leaderElector().withConfig(config).build().start();
        running = term;
        term.whenComplete((done, cause) -> {
            if (!term.isCancelled()) {
                LOG.warn("the term of {} ended, competes again", settings.identity());
                compete();
            }
        });
    }

    private void observed(@Nullable String holder) {
        boolean now = settings.identity().equals(holder);
        if (now != leads) {
            LOG.info(now ? "leads the pool by Lease {}" : "does not lead the pool, Lease {}", settings.leaseName());
        }
        leads = now;
        changed.run();
    }

    @Override
    public void close() {
        CompletableFuture<?> term;
        synchronized (this) {
            closed = true;
            term = running;
        }
        if (term != null) {
            term.cancel(true);
        }
        leads = false;
    }
}
