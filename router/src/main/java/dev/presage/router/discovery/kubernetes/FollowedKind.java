package dev.presage.router.discovery.kubernetes;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first served of several places of one kind. A better place that appears later takes over when its objects are listed; until
 * then the old one's count. {@link #discover} and {@link #close} come from one thread at a time.
 */
final class FollowedKind implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedKind.class);

    private final List<ApiKind> byPreference;
    private final Function<ApiKind, Feed> opener;
    private volatile @Nullable Feed current;
    private volatile @Nullable Feed next;
    private boolean closed;

    FollowedKind(List<ApiKind> byPreference, Function<ApiKind, Feed> opener) {
        this.byPreference = byPreference;
        this.opener = opener;
    }

    List<ApiKind> byPreference() {
        return byPreference;
    }

    /** Follows the best place that is served now. When none is, what is followed stays: a listing of kinds may be incomplete. */
    synchronized void discover(Predicate<ApiKind> served) {
        Optional<ApiKind> best = byPreference.stream().filter(served).findFirst();
        if (closed || best.isEmpty()) {
            return;
        }
        settle();
        Feed newest = next == null ? current : next;
        if (newest == null || !newest.kind().equals(best.get())) {
            LOG.info("follows {} of {}", best.get().plural(), best.get().groupVersion());
            Feed opened = opener.apply(best.get());
            if (current == null) {
                current = opened;
            } else {
                close(next);
                next = opened;
            }
        }
        newest = next == null ? current : next;
        if (newest != null) {
            newest.report();
        }
    }

    private void settle() {
        Feed successor = next;
        if (successor != null && successor.synced()) {
            close(current);
            current = successor;
            next = null;
        }
    }

    /** The feed whose objects count now: it has been listed. */
    Optional<Feed> synced() {
        Feed successor = next;
        if (successor != null && successor.synced()) {
            return Optional.of(successor);
        }
        Feed feed = current;
        return feed != null && feed.synced() ? Optional.of(feed) : Optional.empty();
    }

    /** Whether nothing is still to come from what is followed now. */
    boolean settled() {
        Feed feed = current;
        return feed == null || feed.settled();
    }

    @Override
    public synchronized void close() {
        closed = true;
        close(next);
        close(current);
    }

    private static void close(@Nullable Feed feed) {
        if (feed != null) {
            feed.close();
        }
    }
}
