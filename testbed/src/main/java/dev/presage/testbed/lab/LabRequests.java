package dev.presage.testbed.lab;

import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.SimRequest;
import dev.presage.testbed.trace.PromptBlocks;
import dev.presage.testbed.trace.TraceRequest;
import java.util.Arrays;
import java.util.Map;

/**
 * A request of a trace as an engine and as a router get it.
 *
 * @param adapters over how many LoRA adapters conversations are spread; 0 for none
 */
record LabRequests(int adapters) {
    SimRequest simulated(TraceRequest request) {
        return new SimRequest(
                "r" + request.position(),
                PromptBlocks.hashes(request, EngineProfile.BLOCK_TOKENS),
                request.promptTokens(),
                request.outputTokens(),
                adapter(request));
    }

    InferenceRequest asked(TraceRequest request, SimRequest simulated) {
        return asked(request, simulated, 0, Map.of());
    }

    InferenceRequest asked(TraceRequest request, SimRequest simulated, int priority, Map<String, String> headers) {
        String adapter = adapter(request);
        String model = adapter.isEmpty() ? "lab" : adapter;
        return new InferenceRequest(
                simulated.id(),
                simulated.id(),
                model,
                model,
                Api.COMPLETIONS,
                request.promptTokens(),
                ofAdapter(adapter, PromptBlocks.hashes(request, InferenceRequest.BLOCK_TOKENS)),
                0,
                true,
                priority,
                headers);
    }

    /** A conversation keeps its adapter; its first block may be a system prompt that all share, the second is its own. */
    private String adapter(TraceRequest request) {
        if (adapters == 0) {
            return "";
        }
        long[] ids = request.hashIds();
        long conversation = ids.length == 0 ? request.position() : ids[Math.min(1, ids.length - 1)];
        return "adapter-" + Math.floorMod(Long.hashCode(conversation * 0x9E3779B97F4A7C15L), adapters);
    }

    /** Blocks of one adapter are of no use to another, as the router's reader of bodies has it. */
    private static long[] ofAdapter(String adapter, long[] blocks) {
        if (adapter.isEmpty()) {
            return blocks;
        }
        return Arrays.stream(blocks)
                .map(block -> block ^ adapter.hashCode() * 0x9E3779B97F4A7C15L)
                .toArray();
    }
}
