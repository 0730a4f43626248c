package dev.presage.testbed.engine;

import java.util.Set;

/**
 * What a metrics page shows of an engine.
 *
 * @param waiting requests not admitted yet, or pre-empted
 * @param running admitted requests
 * @param kvUsage share of the blocks that are referenced, 0 to 1
 * @param prefixQueriedTokens prompt tokens looked up in the prefix cache since the start
 * @param prefixHitTokens those found
 * @param preemptions pre-emptions since the start
 * @param runningAdapters LoRA adapters of running requests
 * @param waitingAdapters LoRA adapters of waiting requests
 * @param loadedAdapters LoRA adapters in memory, idle ones too
 * @param adapterLoads loads of adapters since the start
 */
public record EngineGauges(
        int waiting,
        int running,
        double kvUsage,
        long prefixQueriedTokens,
        long prefixHitTokens,
        long preemptions,
        Set<String> runningAdapters,
        Set<String> waitingAdapters,
        Set<String> loadedAdapters,
        long adapterLoads) {}
