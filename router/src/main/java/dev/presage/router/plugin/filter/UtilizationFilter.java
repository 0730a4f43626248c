package dev.presage.router.plugin.filter;

import dev.presage.pipeline.features.Feature;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Round;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Endpoints below every bound.
 *
 * @param orAll whether all are left when none is
 */
record UtilizationFilter(List<Condition> conditions, boolean orAll) implements Filter {
    enum Metric {
        ACTIVE_REQUESTS,
        RUNNING_REQUESTS,
        WAITING_QUEUE,
        KV_CACHE_UTILIZATION;

        double of(Round round, int candidate) {
            return switch (this) {
                case ACTIVE_REQUESTS -> round.state(candidate).queue().inFlight();
                case RUNNING_REQUESTS -> round.candidates().get(candidate, Feature.RUNNING);
                case WAITING_QUEUE -> round.candidates().get(candidate, Feature.WAITING);
                case KV_CACHE_UTILIZATION -> round.candidates().get(candidate, Feature.KV_USAGE);
            };
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    record Condition(Metric metric, double max) {}

    static UtilizationFilter read(Parameters given) {
        List<Condition> conditions = new ArrayList<>();
        for (YamlNode item : given.optional("conditions").map(YamlNode::items).orElse(List.of())) {
            YamlMapping fields = item.mapping();
            conditions.add(new Condition(
                    fields.required("metric").choice(List.of(Metric.values()), Metric::label),
                    fields.required("maxValue").number(0, 1e9)));
            fields.finish();
        }
        return new UtilizationFilter(List.copyOf(conditions), given.flag("fallbackOnEmpty", false));
    }

    @Override
    public Kept keep(Round round) {
        return orAll ? Kept.whereAny(round, i -> below(round, i)) : Kept.where(round, i -> below(round, i));
    }

    private boolean below(Round round, int candidate) {
        return conditions.stream().allMatch(condition -> condition.metric().of(round, candidate) <= condition.max());
    }
}
