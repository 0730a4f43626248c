package dev.presage.router.epp;

import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.router.EndpointPicker;
import dev.presage.router.metrics.RouterMetrics;
import dev.presage.router.model.BundleSource;
import dev.presage.router.model.ModelSeats;
import dev.presage.router.model.ModelWatcher;
import dev.presage.router.pick.CanaryGuard;
import dev.presage.router.pick.Cost;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.service.StoreClient;
import dev.presage.store.service.StoreCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where one router's models come from and who is told when a guardrail stops one. */
record ModelFeed(FleetFlags flags, @Nullable KafkaConnection kafka, RouterMetrics metrics, Lifetimes lifetimes) {
    private static final Logger LOG = LoggerFactory.getLogger(ModelFeed.class);
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(10);

    /** From now on the picker has the pool's models, if there is anywhere to get them from. */
    void start(EndpointPicker picker, Cost objective) throws IOException {
        BundleSource store = flags.modelStore.isBlank() ? null : store(flags.modelStore);
        if (kafka == null && store == null) {
            return;
        }
        ModelWatcher watcher = lifetimes.opened(ModelWatcher.start(
                flags.pool(),
                store,
                kafka,
                flags.bundleReader(),
                flags.dataDir.resolve("model"),
                POLL,
                seats(picker),
                metrics.models()));
        picker.contenders(flags.canaryShare, objective, (bundle, stop) -> stopped(watcher, bundle, stop));
    }

    private void stopped(ModelWatcher watcher, String bundle, CanaryGuard.Stop stop) {
        String guardrail = stop.guardrail().label();
        LOG.warn("canary {} is stopped by guardrail {}: {}", bundle, guardrail, stop.text());
        metrics.stopped(stop);
        watcher.reject(bundle, "router " + flags.routerId, "guardrail " + guardrail + ": " + stop.text());
    }

    private static ModelSeats seats(EndpointPicker picker) {
        return new ModelSeats() {
            @Override
            public void serve(@Nullable ServingModel model) {
                picker.serve(model);
            }

            @Override
            public void challenge(@Nullable ServingModel model) {
                picker.challenge(model);
            }

            @Override
            public void trial(@Nullable ServingModel model) {
                picker.trial(model);
            }
        };
    }

    private BundleSource store(String place) throws IOException {
        if (place.startsWith("http://") || place.startsWith("https://")) {
            StoreCredentials credentials = StoreCredentials.read(flags.modelStoreToken, flags.modelStoreAuthorities);
            return BundleSource.of(lifetimes.opened(new StoreClient(URI.create(place), credentials, STORE_TIMEOUT)));
        }
        return BundleSource.of(Path.of(place));
    }
}
