package dev.presage.router.scrape;

import static dev.presage.router.scrape.Role.BLOCKS;
import static dev.presage.router.scrape.Role.BLOCK_SIZE;
import static dev.presage.router.scrape.Role.CACHE_INFO;
import static dev.presage.router.scrape.Role.KV_USAGE;
import static dev.presage.router.scrape.Role.LORA;
import static dev.presage.router.scrape.Role.RUNNING;
import static dev.presage.router.scrape.Role.WAITING;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engines whose metric names are known. */
public enum Engine {
    VLLM(
            "vllm",
            "block_size",
            "num_gpu_blocks",
            reads(WAITING, "vllm:num_requests_waiting"),
            reads(RUNNING, "vllm:num_requests_running"),
            reads(KV_USAGE, "vllm:kv_cache_usage_perc"),
            // Its name in older versions.
            reads(KV_USAGE, "vllm:gpu_cache_usage_perc"),
            reads(LORA, "vllm:lora_requests_info"),
            reads(CACHE_INFO, "vllm:cache_config_info")),
    SGLANG(
            "sglang",
            "page_size",
            "num_pages",
            reads(WAITING, "sglang:num_queue_reqs"),
            reads(RUNNING, "sglang:num_running_reqs"),
            reads(KV_USAGE, "sglang:token_usage"),
            reads(CACHE_INFO, "sglang:cache_config_info")),
    TRTLLM_SERVE(
            "trtllm-serve",
            "",
            "",
            reads(WAITING, "trtllm_num_requests_waiting"),
            reads(RUNNING, "trtllm_num_requests_running"),
            reads(KV_USAGE, "trtllm_kv_cache_utilization"),
            reads(BLOCK_SIZE, "trtllm_kv_cache_tokens_per_block"),
            reads(BLOCKS, "trtllm_kv_cache_max_blocks")),
    TRITON_TENSORRT_LLM(
            "triton-tensorrt-llm",
            "",
            "",
            reads(WAITING, "nv_trt_llm_request_metrics{request_type=waiting}"),
            reads(RUNNING, "nv_trt_llm_request_metrics{request_type=scheduled}"),
            reads(KV_USAGE, "nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=fraction}"),
            reads(BLOCK_SIZE, "nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=tokens_per}"),
            reads(BLOCKS, "nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=max}")),
    /** Shows no running requests: its nv_inference_exec_count only ever grows. */
    TRITON("triton", "", "", reads(WAITING, "nv_inference_pending_request_count"));

    private record Read(Role role, MetricSpec metric) {}

    private final EngineSpec spec;

    Engine(String label, String blockSizeLabel, String blocksLabel, Read... reads) {
        Map<Role, List<MetricSpec>> metrics = new EnumMap<>(Role.class);
        for (Read read : reads) {
            metrics.computeIfAbsent(read.role, role -> new ArrayList<>()).add(read.metric);
        }
        spec = new EngineSpec(label, metrics, blockSizeLabel, blocksLabel, Map.of());
    }

    private static Read reads(Role role, String metric) {
        return new Read(role, MetricSpec.parse(metric));
    }

    /** Value of the engine label. */
    public String label() {
        return spec.name();
    }

    /** What is read of it. */
    public EngineSpec spec() {
        return spec;
    }

    /** The engine of that label value; empty when it is not known. */
    public static Optional<Engine> byLabel(@Nullable String value) {
        return Arrays.stream(values())
                .filter(engine -> engine.label().equals(value))
                .findFirst();
    }
}
