package dev.presage.router.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the contract says of one metric.
 *
 * @param name after the prefix
 * @param bounds of a histogram's buckets, none for other types
 * @param twin the deprecated name that the same numbers also go by
 */
record MetricDeclaration(String name, String help, double[] bounds, List<String> labels, Optional<Twin> twin) {
    private static final double[] NO_BOUNDS = {};

    static MetricDeclaration of(String name, String help, String labels) {
        return new MetricDeclaration(name, help, NO_BOUNDS, labels(labels), Optional.empty());
    }

    static MetricDeclaration of(String name, String help, double[] bounds, String labels) {
        return new MetricDeclaration(name, help, bounds, labels(labels), Optional.empty());
    }

    static MetricDeclaration of(String name, String help, String labels, Twin twin) {
        return new MetricDeclaration(name, help, NO_BOUNDS, labels(labels), Optional.of(twin));
    }

    static MetricDeclaration of(String name, String help, double[] bounds, String labels, Twin twin) {
        return new MetricDeclaration(name, help, bounds, labels(labels), Optional.of(twin));
    }

    /** A deprecated name; a label is written as it is, or {@code own=current} where they differ. */
    static Twin formerly(String name, String labels) {
        return Twin.of(name, labels(labels));
    }

    private static List<String> labels(String spaced) {
        return spaced.isEmpty() ? List.of() : List.of(spaced.split(" "));
    }

    /** These tags, written name, value, name, value, if they are exactly those that are declared. */
    Tags checked(String... tags) {
        Tags all = Tags.of(tags);
        TreeSet<String> given = all.stream().map(tag -> tag.getKey()).collect(Collectors.toCollection(TreeSet::new));
        if (!given.equals(new TreeSet<>(labels))) {
            throw new IllegalArgumentException(name + " has the labels " + labels + ", not " + given);
        }
        return all;
    }
}
