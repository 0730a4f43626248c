package dev.presage.router.scrape;

import static dev.presage.router.scrape.Role.BLOCKS;
import static dev.presage.router.scrape.Role.BLOCK_SIZE;
import static dev.presage.router.scrape.Role.CACHE_INFO;
import static dev.presage.router.scrape.Role.KV_USAGE;
import static dev.presage.router.scrape.Role.LORA;
import static dev.presage.router.scrape.Role.RUNNING;
import static dev.presage.router.scrape.Role.WAITING;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The engines whose metric names are known. */
public enum Engine {
    VLLM(
            "vllm",
            "block_size",
            "num_gpu_blocks",
            Family.of(WAITING, "vllm:num_requests_waiting"),
            Family.of(RUNNING, "vllm:num_requests_running"),
            Family.of(KV_USAGE, "vllm:kv_cache_usage_perc"),
            Family.of(LORA, "vllm:lora_requests_info"),
            Family.of(CACHE_INFO, "vllm:cache_config_info")),
    SGLANG(
            "sglang",
            "page_size",
            "num_pages",
            Family.of(WAITING, "sglang:num_queue_reqs"),
            Family.of(RUNNING, "sglang:num_running_reqs"),
            Family.of(KV_USAGE, "sglang:token_usage"),
            Family.of(CACHE_INFO, "sglang:cache_config_info")),
    TRTLLM_SERVE(
            "trtllm-serve",
            "",
            "",
            Family.of(WAITING, "trtllm_num_requests_waiting"),
            Family.of(RUNNING, "trtllm_num_requests_running"),
            Family.of(KV_USAGE, "trtllm_kv_cache_utilization"),
            Family.of(BLOCK_SIZE, "trtllm_kv_cache_tokens_per_block"),
            Family.of(BLOCKS, "trtllm_kv_cache_max_blocks")),
    TRITON_TENSORRT_LLM(
            "triton-tensorrt-llm",
            "",
            "",
            Family.of(WAITING, "nv_trt_llm_request_metrics", "request_type", "waiting"),
            Family.of(RUNNING, "nv_trt_llm_request_metrics", "request_type", "scheduled"),
            Family.of(KV_USAGE, "nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "fraction"),
            Family.of(BLOCK_SIZE, "nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "tokens_per"),
            Family.of(BLOCKS, "nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "max"));

    private final String label;
    private final EngineTable table;

    Engine(String label, String blockSizeLabel, String blocksLabel, Family... families) {
        this.label = label;
        this.table = new EngineTable(List.of(families), blockSizeLabel, blocksLabel);
    }

    /** Value of the engine label. */
    public String label() {
        return label;
    }

    /** The engine of that label value; empty when it is not known. */
    public static Optional<Engine> byLabel(@Nullable String value) {
        return Arrays.stream(values())
                .filter(engine -> engine.label.equals(value))
                .findFirst();
    }

    EngineTable table() {
        return table;
    }
}
