package dev.presage.router.model;

import dev.presage.router.predict.ServingModel;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.Refusal;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.Alias;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundle that has the seat of one alias, and the rule by which another takes its place. Confined to the watcher's thread. */
final class Incumbent {
    private static final Logger LOG = LoggerFactory.getLogger(Incumbent.class);

    private final String pool;
    private final Alias alias;
    private final BundleReader reader;
    private final KeptBundle kept;
    private final Consumer<@Nullable ServingModel> serve;
    private final ModelListener listener;
    private @Nullable BundleId serving;
    private @Nullable BundleId refused;

    Incumbent(
            String pool,
            Alias alias,
            BundleReader reader,
            KeptBundle kept,
            Consumer<@Nullable ServingModel> serve,
            ModelListener listener) {
        this.pool = pool;
        this.alias = alias;
        this.reader = reader;
        this.kept = kept;
        this.serve = serve;
        this.listener = listener;
    }

    /** Serves the bundle of an earlier run, if there is a good one. */
    void restore() {
        try {
            Optional<byte[]> archive = kept.read();
            if (archive.isPresent()) {
                take(reader.verify(archive.get()), "kept");
            }
        } catch (IOException e) {
            LOG.warn("the kept model cannot be read: {}", e.toString());
        }
    }

    /** Whether there is anything to do for this bundle: a refused one is not tried again. */
    boolean isNews(BundleId bundle) {
        return !bundle.equals(serving) && !bundle.equals(refused);
    }

    /** Serves the archive if it is the bundle and passes every check. */
    void replace(BundleId expected, byte[] archive) {
        if (!take(reader.verify(archive, expected), expected.value())) {
            refused = expected;
            return;
        }
        try {
            kept.write(archive);
        } catch (IOException e) {
            LOG.warn("the model serves but cannot be kept for a restart: {}", e.toString());
        }
    }

    private boolean take(Verification verification, String name) {
        return switch (verification) {
            case Verification.Refused(Refusal refusal) -> refuse(name, refusal);
            case VerifiedBundle bundle
            when !bundle.manifest().card().pool().equals(pool) ->
                refuse(
                        name,
                        new Refusal.PoolMismatch(pool, bundle.manifest().card().pool()));
            case VerifiedBundle bundle -> accept(bundle);
        };
    }

    private boolean refuse(String name, Refusal refusal) {
        LOG.warn("bundle {} is refused as {}, the old one stays: {}", name, alias.key(), refusal.message());
        listener.refused(name, refusal.code());
        return false;
    }

    private boolean accept(VerifiedBundle bundle) {
        Instant trainedAt =
                Instant.ofEpochMilli(bundle.manifest().card().window().toMs());
        serve.accept(new ServingModel(bundle.id().value(), bundle.predictor(), trainedAt));
        serving = bundle.id();
        refused = null;
        LOG.info("bundle {} is {}, trained on data up to {}", bundle.id(), alias.key(), trainedAt);
        if (alias == Alias.CHAMPION) {
            listener.swapped(bundle);
        } else {
            listener.contends(alias, bundle);
        }
        return true;
    }

    /** There is no champion. */
    void withdraw() {
        if (serving == null) {
            return;
        }
        serve.accept(null);
        serving = null;
        try {
            kept.remove();
        } catch (IOException e) {
            LOG.warn("the kept model cannot be removed: {}", e.toString());
        }
        if (alias == Alias.CHAMPION) {
            LOG.info("the pool {} has no champion: no model decides", pool);
            listener.withdrawn();
        } else {
            LOG.info("the pool {} has no {} any more", pool, alias.key());
            listener.contends(alias, null);
        }
    }
}
