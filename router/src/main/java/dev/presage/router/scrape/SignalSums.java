package dev.presage.router.scrape;

import dev.presage.router.fleet.EngineSignals;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the samples of one page add up to. An engine with several ranks behind one port shows one series each: counts are
 * summed, usage is averaged, blocks are summed. Confined to one thread; reused from page to page.
 */
final class SignalSums {
    static final int MAX_ADAPTERS = 1024;
    private static final byte[] RUNNING_ADAPTERS = "running_lora_adapters".getBytes(StandardCharsets.US_ASCII);

    private final double[] sums = new double[Role.values().length];
    private final int[] counts = new int[Role.values().length];
    private int blockSize;
    private long blocks;
    private double adaptersSince;
    private byte[] adapterBytes = {};
    private Set<String> adapters = Set.of();

    void clear() {
        Arrays.fill(sums, 0);
        Arrays.fill(counts, 0);
        blockSize = 0;
        blocks = 0;
        adaptersSince = -1;
    }

    void add(Role role, SampleLine sample, byte[] line, EngineTable table) {
        switch (role) {
            case WAITING, RUNNING, KV_USAGE -> sums[role.ordinal()] += sample.value();
            case BLOCK_SIZE -> blockSize = Math.max(blockSize, (int) sample.value());
            case BLOCKS -> blocks += (long) sample.value();
            case CACHE_INFO -> {
                blockSize = Math.max(blockSize, sample.count(table.blockSizeLabel));
                blocks += sample.count(table.blocksLabel);
            }
            case LORA -> addAdapters(sample, line);
        }
        counts[role.ordinal()]++;
    }

    /** The gauge is the time at which the state began: the youngest series is the present one. */
    private void addAdapters(SampleLine sample, byte[] line) {
        long found = sample.find(RUNNING_ADAPTERS);
        if (sample.value() < adaptersSince || found < 0) {
            return;
        }
        adaptersSince = sample.value();
        int from = (int) (found >> Integer.SIZE);
        int to = (int) found;
        if (Arrays.equals(line, from, to, adapterBytes, 0, adapterBytes.length)) {
            return;
        }
        adapterBytes = Arrays.copyOfRange(line, from, to);
        Set<String> names = new LinkedHashSet<>();
        for (String name : new String(adapterBytes, StandardCharsets.UTF_8).split(",", MAX_ADAPTERS + 1)) {
            if (!name.isBlank() && names.size() < MAX_ADAPTERS) {
                names.add(name.strip());
            }
        }
        adapters = Set.copyOf(names);
    }

    /** The signals of the page; null when it held none of the load families. */
    @Nullable
    EngineSignals signals(long scrapedAtNanos) {
        int usages = counts[Role.KV_USAGE.ordinal()];
        if (counts[Role.WAITING.ordinal()] + counts[Role.RUNNING.ordinal()] + usages == 0) {
            return null;
        }
        return new EngineSignals(
                sums[Role.WAITING.ordinal()],
                sums[Role.RUNNING.ordinal()],
                usages == 0 ? 0 : sums[Role.KV_USAGE.ordinal()] / usages,
                blockSize,
                (int) Math.min(blocks, Integer.MAX_VALUE),
                counts[Role.LORA.ordinal()] == 0 ? Set.of() : adapters,
                scrapedAtNanos);
    }
}
