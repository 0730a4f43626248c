package dev.presage.router.flow;

import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SaturationDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How full a pool is, for metrics: the mean over the endpoints of each stage, as the contract has it. Nothing is decided by it.
 *
 * @param stages {@code decode} and, where there are endpoints that compute prompts, {@code prefill}
 * @param stale endpoints whose signals are too old to be looked at
 */
public record PoolSaturation(Map<String, Double> stages, int stale) {
    private static final String ROLE = "llm-d.ai/role";
    private static final List<String> BOTH = List.of("both", "prefill-decode", "encode-prefill-decode");

    public static PoolSaturation of(Round round, SaturationDetector detector) {
        Map<String, Double> stages = new TreeMap<>();
        stages.put("decode", mean(round, detector, false));
        if (places(round, true).length > 0) {
            stages.put("prefill", mean(round, detector, true));
        }
        int stale = 0;
        for (int i = 0; i < round.size(); i++) {
            stale += round.candidates().fresh(i) ? 0 : 1;
        }
        return new PoolSaturation(Map.copyOf(stages), stale);
    }

    private static double mean(Round round, SaturationDetector detector, boolean prefill) {
        return detector.saturation(round.only(places(round, prefill)));
    }

    private static int[] places(Round round, boolean prefill) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < round.size(); i++) {
            String role = round.label(i, ROLE);
            if (BOTH.contains(role) || role.contains("prefill") == prefill) {
                places.add(i);
            }
        }
        return places.stream().mapToInt(place -> place).toArray();
    }
}
