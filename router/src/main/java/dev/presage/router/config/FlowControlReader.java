package dev.presage.router.config;

import dev.presage.router.flow.BandSettings;
import dev.presage.router.flow.Ceilings;
import dev.presage.router.flow.Fairness;
import dev.presage.router.flow.FlowSettings;
import dev.presage.router.flow.Limits;
import dev.presage.router.flow.Ordering;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the section {@code flowControl}. A limit or a waiting time of 0 stands for its default, as in the contract. */
record FlowControlReader(Plugins plugins) {
    private static final Pattern QUANTITY =
            Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)(?:([kMGT])(i)?)?B?|(\\d{1,15}[eE]\\d{1,2})");

    /** What the section says. */
    record Section(FlowSettings settings, Optional<SaturationDetector> detector) {}

    Section read(YamlNode node) {
        YamlMapping fields = node.mapping();
        Limits global = limits(fields, Limits.NONE);
        Duration ttl = duration(fields, "defaultRequestTTL")
                .filter(given -> !given.isZero())
                .orElse(FlowSettings.TTL);
        Duration withoutEndpoints = duration(fields, "noEndpointRequestTTL").orElse(ttl);
        BandSettings other = fields.optional("defaultPriorityBand")
                .map(band -> template(band))
                .orElse(BandSettings.DEFAULT);
        BandSettings negative = fields.optional("defaultNegativePriorityBand")
                .map(band -> template(band))
                .orElse(other);
        Map<Integer, BandSettings> bands =
                bands(fields.optional("priorityBands").map(YamlNode::items).orElse(List.of()));
        Ceilings ceilings = policy(fields, "usageLimitPolicyPluginRef", Ceilings.class, Map.of())
                .orElse(Ceilings.NONE);
        boolean evicts = fields.optional("enableEviction").map(YamlNode::bool).orElse(false);
        Optional<SaturationDetector> detector =
                fields.optional("saturationDetector").map(this::detector);
        fields.finish();
        return new Section(
                new FlowSettings(global, ttl, withoutEndpoints, bands, other, negative, ceilings, evicts), detector);
    }

    private static Optional<Duration> duration(YamlMapping fields, String name) {
        return fields.optional(name).map(YamlNode::duration);
    }

    private Map<Integer, BandSettings> bands(List<YamlNode> items) {
        Map<Integer, BandSettings> bands = new HashMap<>();
        for (YamlNode item : items) {
            YamlMapping fields = item.mapping();
            int priority =
                    fields.optional("priority").map(FlowControlReader::priority).orElse(0);
            if (bands.put(priority, band(fields)) != null) {
                throw item.error("repeats the band of priority " + priority);
            }
        }
        return bands;
    }

    /** A band that is like no particular priority. */
    private BandSettings template(YamlNode node) {
        YamlMapping fields = node.mapping();
        fields.optional("priority").ifPresent(FlowControlReader::priority);
        return band(fields);
    }

    private static int priority(YamlNode node) {
        return (int) node.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private BandSettings band(YamlMapping fields) {
        BandSettings band = new BandSettings(
                limits(fields, Limits.BAND),
                policy(
                                fields,
                                "fairnessPolicyRef",
                                Fairness.class,
                                Map.of(
                                        "global-strict-fairness-policy",
                                        Fairness.STRICT,
                                        "round-robin-fairness-policy",
                                        new Fairness.RoundRobin()))
                        .orElse(Fairness.STRICT),
                policy(
                                fields,
                                "orderingPolicyRef",
                                Ordering.class,
                                Map.of(
                                        "fcfs-ordering-policy",
                                        Ordering.FCFS,
                                        "edf-ordering-policy",
                                        Ordering.EDF,
                                        "slo-deadline-ordering-policy",
                                        Ordering.SLO_DEADLINE))
                        .orElse(Ordering.FCFS));
        fields.finish();
        return band;
    }

    private static Limits limits(YamlMapping fields, Limits otherwise) {
        long bytes = fields.optional("maxBytes").map(FlowControlReader::count).orElse(0L);
        long requests =
                fields.optional("maxRequests").map(FlowControlReader::count).orElse(0L);
        return new Limits(
                requests == 0 ? otherwise.maxRequests() : requests, bytes == 0 ? otherwise.maxBytes() : bytes);
    }

    /** A count or a Kubernetes quantity. */
    private static long count(YamlNode node) {
        Matcher quantity = QUANTITY.matcher(node.scalarText());
        node.must(quantity.matches(), "be a count or a size such as 10Mi");
        node.takes("0 for the default");
        String exponential = quantity.group(4);
        if (exponential != null) {
            return (long) Double.parseDouble(exponential);
        }
        String suffix = quantity.group(2);
        int thousands = suffix == null ? 0 : "kMGT".indexOf(suffix) + 1;
        return (long) (Double.parseDouble(quantity.group(1))
                * Math.pow(quantity.group(3) == null ? 1_000 : 1_024, thousands));
    }

    /** The policy that a field names; the contract's own ones need not be declared. */
    private <T extends Plugin> Optional<T> policy(
            YamlMapping fields, String name, Class<T> kind, Map<String, T> known) {
        return fields.optional(name)
                .map(reference -> plugins.declares(reference.text()) || !known.containsKey(reference.text())
                        ? plugins.referred(reference, kind)
                        : known.get(reference.text()));
    }

    /** A mapping with a reference to a detector. */
    SaturationDetector detector(YamlNode node) {
        YamlMapping fields = node.mapping();
        SaturationDetector detector = plugins.referred(fields.required("pluginRef"), SaturationDetector.class);
        fields.finish();
        return detector;
    }
}
