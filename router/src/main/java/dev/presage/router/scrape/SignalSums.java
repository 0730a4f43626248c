package dev.presage.router.scrape;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.QueueState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the samples of one page add up to. An engine with several ranks behind one port shows one series each: counts are
 * summed, usage is averaged, blocks are summed; of an attribute the first series counts. Confined to one thread; reused from
 * page to page.
 */
final class SignalSums {
    private final EngineTable table;
    private final double[] sums = new double[Role.values().length];
    private final int[] counts = new int[Role.values().length];
    private final double[] attributes;
    private final AdapterSeries adapters = new AdapterSeries();
    private int blockSize;
    private long blocks;

    SignalSums(EngineTable table) {
        this.table = table;
        attributes = new double[table.attributes().size()];
    }

    void clear() {
        Arrays.fill(sums, 0);
        Arrays.fill(counts, 0);
        Arrays.fill(attributes, Double.NaN);
        adapters.clear();
        blockSize = 0;
        blocks = 0;
    }

    void forget() {
        adapters.forget();
    }

    void add(Family family, SampleLine sample, byte[] line) {
        Role role = family.role();
        switch (role) {
            case WAITING, RUNNING, KV_USAGE -> sums[role.ordinal()] += sample.value();
            case BLOCK_SIZE -> blockSize = Math.max(blockSize, (int) sample.value());
            case BLOCKS -> blocks += (long) sample.value();
            case CACHE_INFO -> {
                blockSize = Math.max(blockSize, sample.count(table.blockSizeLabel));
                blocks += sample.count(table.blocksLabel);
            }
            case LORA -> adapters.add(sample, line);
            case ATTRIBUTE -> {
                if (Double.isNaN(attributes[family.attribute()])) {
                    attributes[family.attribute()] = sample.value();
                }
            }
        }
        counts[role.ordinal()]++;
    }

    /** The signals of the page; null when it held none of the load families. */
    @Nullable
    EngineSignals signals(long scrapedAtNanos, QueueState own) {
        int usages = counts[Role.KV_USAGE.ordinal()];
        if (counts[Role.WAITING.ordinal()] + counts[Role.RUNNING.ordinal()] + usages == 0) {
            return null;
        }
        adapters.settle();
        return new EngineSignals(
                sum(Role.WAITING, own.pendingRequests()),
                sum(Role.RUNNING, own.decodingRequests()),
                usages == 0 ? 0 : sums[Role.KV_USAGE.ordinal()] / usages,
                blockSize,
                (int) Math.min(blocks, Integer.MAX_VALUE),
                adapters.running(),
                adapters.waiting(),
                adapters.most(),
                adapters.resident(),
                named(),
                scrapedAtNanos);
    }

    private double sum(Role role, double otherwise) {
        return counts[role.ordinal()] == 0 ? otherwise : sums[role.ordinal()];
    }

    private Map<String, Double> named() {
        if (attributes.length == 0) {
            return Map.of();
        }
        List<String> names = table.attributes();
        Map<String, Double> named = new HashMap<>();
        for (int i = 0; i < attributes.length; i++) {
            if (!Double.isNaN(attributes[i])) {
                named.put(names.get(i), attributes[i]);
            }
        }
        return Map.copyOf(named);
    }
}
