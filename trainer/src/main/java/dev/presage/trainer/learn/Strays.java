package dev.presage.trainer.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Samples of an endpoint from while it was much slower or faster than the others of its class at the same time: a throttled GPU. They say nothing
 * of the class, and a forest takes whatever goes along with them for the cause. The router corrects such an endpoint by its own latest
 * outcomes. Where many are not alike it is the class that is none, and all stay.
 */
final class Strays {
    /** Samples of one endpoint that are judged together; as many must come of others meanwhile. */
    private static final int BLOCK = 20;
    /** Of the median, in the logarithm. */
    private static final double FAR = Math.log(1.4);
    /** More than this share of a class are no strays. */
    private static final double MOST = 1.0 / 3;

    private final TrainingSet data;
    private final double[] residuals;

    private Strays(FittedSet fitted) {
        data = fitted.data();
        residuals = fitted.residuals();
    }

    /** {@code fitted} without them and in the same order. */
    static FittedSet dropped(FittedSet fitted) {
        TrainingSet data = fitted.data();
        Map<String, Map<String, List<Integer>>> byClass = new TreeMap<>();
        for (int i = 0; i < data.size(); i++) {
            byClass.computeIfAbsent(data.endpointClass(i), name -> new TreeMap<>())
                    .computeIfAbsent(data.endpoint(i), name -> new ArrayList<>())
                    .add(i);
        }
        // Of two endpoints nobody knows which one is not like the other.
        byClass.values().removeIf(endpoints -> endpoints.size() < 3);
        return byClass.isEmpty() ? fitted : fitted.keeping(new Strays(fitted).without(byClass));
    }

    private TrainingSet without(Map<String, Map<String, List<Integer>>> byClass) {
        BitSet strays = new BitSet();
        byClass.values().forEach(endpoints -> {
            BitSet ofClass = new BitSet();
            endpoints.values().forEach(own -> mark(own, ofClass));
            int size = endpoints.values().stream().mapToInt(List::size).sum();
            if (ofClass.cardinality() <= MOST * size) {
                strays.or(ofClass);
            }
        });
        if (strays.isEmpty()) {
            return data;
        }
        TrainingSet kept = new TrainingSet();
        for (int i = 0; i < data.size(); i++) {
            if (!strays.get(i)) {
                kept.copy(data, i);
            }
        }
        return kept;
    }

    /** Blocks are counted from the newest sample on. */
    private void mark(List<Integer> own, BitSet strays) {
        for (int to = own.size(); to >= BLOCK; to -= BLOCK) {
            List<Integer> block = own.subList(to - BLOCK, to);
            double[] others = others(block.getFirst(), block.getLast());
            double[] these = block.stream().mapToDouble(i -> residuals[i]).toArray();
            if (others.length >= BLOCK && Math.abs(median(these) - median(others)) > FAR) {
                block.forEach(strays::set);
            }
        }
    }

    /** Residuals of the other endpoints of the class between two samples of one; none where all are of a single one. */
    private double[] others(int from, int to) {
        Set<String> endpoints = new LinkedHashSet<>();
        double[] found = new double[to - from];
        int count = 0;
        for (int i = from; i < to; i++) {
            if (data.endpointClass(i).equals(data.endpointClass(from))
                    && !data.endpoint(i).equals(data.endpoint(from))) {
                endpoints.add(data.endpoint(i));
                found[count++] = residuals[i];
            }
        }
        return endpoints.size() < 2 ? new double[0] : Arrays.copyOf(found, count);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
