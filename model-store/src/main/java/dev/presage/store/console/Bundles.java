package dev.presage.store.console;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verified bundles for pages: the last {@value #KEPT} are kept, because they never change. Thread-safe. */
final class Bundles {
    private static final int KEPT = 8;
    private static final int LEVELS_KEPT = 200;

    private final ModelRegistry registry;
    private final BundleReader reader;
    private final Map<BundleId, Verification> verified = bounded(KEPT);
    private final Map<String, List<Double>> levels = bounded(LEVELS_KEPT);

    Bundles(ModelRegistry registry, BundleReader reader) {
        this.registry = registry;
        this.reader = reader;
    }

    /** What came of verifying it; empty when its file is gone. */
    Optional<Verification> look(BundleId bundle) throws IOException {
        synchronized (verified) {
            Verification known = verified.get(bundle);
            if (known != null) {
                return Optional.of(known);
            }
        }
        Optional<Verification> result = registry.archive(bundle).map(archive -> reader.verify(archive, bundle));
        if (result.orElse(null) instanceof VerifiedBundle good) {
            synchronized (verified) {
                verified.put(bundle, good);
            }
        }
        return result;
    }

    /** The bundle; empty when it is gone or refused. */
    Optional<VerifiedBundle> verified(BundleId bundle) throws IOException {
        return look(bundle).orElse(null) instanceof VerifiedBundle good ? Optional.of(good) : Optional.empty();
    }

    /** Quantile levels of a bundle named in the event log; empty when it is not known here. */
    List<Double> levels(String bundle) {
        synchronized (levels) {
            List<Double> known = levels.get(bundle);
            if (known != null) {
                return known;
            }
        }
        List<Double> found = read(bundle);
        synchronized (levels) {
            levels.put(bundle, found);
        }
        return found;
    }

    private List<Double> read(String bundle) {
        if (bundle.isEmpty()) {
            return List.of();
        }
        try {
            return verified(BundleId.parse(bundle))
                    .map(good -> good.manifest().quantiles())
                    .orElse(List.of());
        } catch (IllegalArgumentException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <K, V> Map<K, V> bounded(int size) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.@Nullable Entry<K, V> eldest) {
                return size() > size;
            }
        };
    }
}
