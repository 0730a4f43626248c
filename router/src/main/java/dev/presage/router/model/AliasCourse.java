package dev.presage.router.model;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.Alias;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which bundle should have the seat of one alias. The store's own word holds when it can be had; an announcement holds while the store is
 * away, unless it is older than what the store last said. {@link #step} runs on the watcher's thread, announcements come from
 * Kafka's.
 */
final class AliasCourse {
    private static final Logger LOG = LoggerFactory.getLogger(AliasCourse.class);

    private final String pool;
    private final Alias alias;
    private final @Nullable BundleSource store;
    private final ArchiveFetcher fetcher;
    private final Incumbent incumbent;
    private final ModelListener listener;
    private final AtomicReference<@Nullable AliasMoved> latest = new AtomicReference<>();
    private final AtomicBoolean nudged = new AtomicBoolean();
    private @Nullable AliasMoved following;
    private long storeRevision = -1;
    private boolean toldOutage;

    AliasCourse(
            String pool,
            Alias alias,
            @Nullable BundleSource store,
            ArchiveFetcher fetcher,
            Incumbent incumbent,
            ModelListener listener) {
        this.pool = pool;
        this.alias = alias;
        this.store = store;
        this.fetcher = fetcher;
        this.incumbent = incumbent;
        this.listener = listener;
    }

    /** Takes note of a move; false when it does not concern this alias of the pool. */
    boolean announced(AliasMoved moved) {
        if (!moved.getPool().equals(pool) || !moved.getAlias().equals(alias.key())) {
            return false;
        }
        latest.set(moved);
        return true;
    }

    /** Announcements are complete up to now. */
    void nudge() {
        nudged.set(true);
    }

    boolean isNudged() {
        return nudged.get();
    }

    void step() throws InterruptedException {
        if (nudged.getAndSet(false)) {
            following = latest.get();
        }
        boolean storeSpoke = askStore();
        AliasMoved announced = following;
        if (!storeSpoke && announced != null && announced.getRevision() > storeRevision) {
            follow(announced);
        }
    }

    private boolean askStore() throws InterruptedException {
        if (store == null) {
            return false;
        }
        try {
            BundleSource.Position position = store.position(pool, alias);
            storeRevision = position.revision();
            toldOutage = false;
            if (position.bundle().isEmpty()) {
                incumbent.withdraw();
            } else {
                bring(position.bundle().get(), "");
            }
            return true;
        } catch (IOException e) {
            outage(e);
            return false;
        }
    }

    private void follow(AliasMoved announced) throws InterruptedException {
        if (announced.getBundleId().isEmpty()) {
            incumbent.withdraw();
            return;
        }
        try {
            bring(BundleId.parse(announced.getBundleId()), announced.getLocation());
        } catch (IllegalArgumentException e) {
            LOG.warn("an announcement names no bundle: {}", e.getMessage());
        } catch (IOException e) {
            outage(e);
        }
    }

    private void bring(BundleId bundle, String location) throws IOException, InterruptedException {
        if (!incumbent.isNews(bundle)) {
            return;
        }
        byte[] archive = isAtStore(location) ? fromStore(bundle) : fetcher.fetch(location);
        incumbent.replace(bundle, archive);
    }

    /** The store is asked with the token and the authorities that are its alone. */
    private boolean isAtStore(String location) throws IOException {
        return location.isEmpty() || store != null && store.isAt(ArchiveFetcher.uri(location));
    }

    private byte[] fromStore(BundleId bundle) throws IOException {
        Optional<byte[]> archive = store == null ? Optional.empty() : store.archive(bundle);
        return archive.orElseThrow(() -> new IOException("the store has no bundle " + bundle));
    }

    private void outage(IOException e) {
        if (!toldOutage) {
            LOG.warn("the model store cannot be asked, the model stays as it is: {}", e.toString());
            toldOutage = true;
        }
        listener.unreachable();
    }
}
