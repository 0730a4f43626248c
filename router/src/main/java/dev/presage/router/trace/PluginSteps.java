package dev.presage.router.trace;

import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.plugin.PluginWatch;
import dev.presage.router.plugin.Scorer;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Writes down what plugins do for streams that are sampled; for all others it is one look into the context. Thread-safe. */
final class PluginSteps implements PluginWatch {
    private final Map<Plugin, String> types;
    private final LongSupplier epochNanos;

    /** {@code types} are the configured names of plugins, by identity. */
    PluginSteps(Map<Plugin, String> types, LongSupplier epochNanos) {
        this.types = types;
        this.epochNanos = epochNanos;
    }

    private static @Nullable StepLog log() {
        return Context.current().get(StepLog.KEY);
    }

    @Override
    public void decides(String profile, int candidates) {
        StepLog log = log();
        if (log != null) {
            log.decides(profile, candidates, epochNanos.getAsLong());
        }
    }

    @Override
    public void decided() {
        StepLog log = log();
        if (log != null) {
            log.decided(epochNanos.getAsLong());
        }
    }

    @Override
    public void begins() {
        StepLog log = log();
        if (log != null) {
            log.begins(epochNanos.getAsLong());
        }
    }

    @Override
    public void filtered(Filter filter, int candidates, int left) {
        ended(filter, true, candidates, left);
    }

    @Override
    public void scored(Scorer scorer, int candidates) {
        ended(scorer, false, candidates, candidates);
    }

    private void ended(Plugin plugin, boolean filter, int candidates, int left) {
        StepLog log = log();
        if (log != null) {
            String type = types.getOrDefault(plugin, plugin.getClass().getSimpleName());
            log.ended(filter, type, candidates, left, epochNanos.getAsLong());
        }
    }
}
