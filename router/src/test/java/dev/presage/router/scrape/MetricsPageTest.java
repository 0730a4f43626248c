package dev.presage.router.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.QueueState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
    @Test
    void vllmSeriesAreSummedUsageIsAveraged() {
        EngineSignals signals = read(Engine.VLLM, """
                # HELP vllm:num_requests_waiting Number of requests waiting.
                # TYPE vllm:num_requests_waiting gauge
                vllm:num_requests_waiting{engine="0",model_name="m"} 3.0
                vllm:num_requests_waiting{engine="1",model_name="m"} 4.0
                vllm:num_requests_waiting_by_reason{engine="0"} 100
                vllm:num_requests_running{engine="0"} 1e1
                vllm:num_requests_running{engine="1"} 5 1700000000000
                vllm:kv_cache_usage_perc{engine="0"} 0.25
                vllm:kv_cache_usage_perc{engine="1"} 0.75
                vllm:cache_config_info{block_size="16",cache_dtype="a\\"b}",engine="0",num_gpu_blocks="1000"} 1.0
                vllm:cache_config_info{block_size="16",engine="1",num_gpu_blocks="1000"} 1.0
                vllm:lora_requests_info{max_lora="4",running_lora_adapters="old",waiting_lora_adapters=""} 10
                vllm:lora_requests_info{max_lora="4",running_lora_adapters="a, b",waiting_lora_adapters="c"} 11.5
                vllm:time_to_first_token_seconds_bucket{le="0.1"} 9
                """);
        assertEquals(
                new EngineSignals(
                        7, 15, 0.5, 16, 2000, Set.of("a", "b"), Set.of("c"), 4, Set.of("a", "b"), Map.of(), 42),
                signals);
        assertEquals(32_000, signals.kvCapacityTokens());
    }

    @Test
    void theOtherEnginesAreReadByTheirOwnNames() {
        assertEquals(new EngineSignals(2, 3, 0.5, 64, 100, Set.of(), 42), read(Engine.SGLANG, """
                sglang:num_queue_reqs{tp_rank="0"} 2.0
                sglang:num_running_reqs{tp_rank="0"} 3
                sglang:token_usage 0.5
                sglang:cache_config_info{page_size="64",num_pages="100"} 1
                """));
        assertEquals(new EngineSignals(2, 3, 0.5, 32, 100, Set.of(), 42), read(Engine.TRTLLM_SERVE, """
                trtllm_num_requests_waiting 2
                trtllm_num_requests_running 3
                trtllm_kv_cache_utilization 0.5
                trtllm_kv_cache_tokens_per_block 32
                trtllm_kv_cache_max_blocks 100
                """));
        assertEquals(new EngineSignals(2, 3, 0.5, 64, 100, Set.of(), 42), read(Engine.TRITON_TENSORRT_LLM, """
                nv_trt_llm_request_metrics{model="m",request_type="waiting",version="1"} 2
                nv_trt_llm_request_metrics{model="m",request_type="scheduled",version="1"} 3
                nv_trt_llm_request_metrics{model="m",request_type="max",version="1"} 77
                nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction"} 0.5
                nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="tokens_per"} 64
                nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max"} 100
                nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used"} 50
                """));
    }

    @Test
    void whatIsNoNumberIsNoSample() {
        assertEquals(new EngineSignals(0, 1, 0, 0, 0, Set.of(), 42), read(Engine.VLLM, """
                vllm:num_requests_waiting NaN
                vllm:num_requests_waiting -1
                vllm:num_requests_waiting +Inf
                vllm:num_requests_waiting
                vllm:num_requests_waiting{a="b" 3
                vllm:num_requests_waiting{a=b} 3
                vllm:num_requests_running 1.0"""));
        assertNull(page(Engine.VLLM, "sglang:num_queue_reqs 1\n"));
        assertNull(page(Engine.VLLM, "vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"1\"} 1\n"));
    }

    @Test
    void whatTritonDoesNotTellIsTakenFromTheOwnAccount() {
        MetricsPage page = new MetricsPage(Engine.TRITON.spec());
        QueueState own = new QueueState(0, 0, 4, 0, Double.POSITIVE_INFINITY, 6, 0, 0, 0, Double.POSITIVE_INFINITY);
        EngineSignals signals = Objects.requireNonNull(feed(page, """
                nv_inference_pending_request_count{model="m",version="1"} 3
                nv_inference_pending_request_count{model="n",version="1"} 2
                nv_inference_exec_count{model="m",version="1"} 123456
                """, own));
        assertEquals(5, signals.waiting());
        assertEquals(6, signals.running(), "a counter of all executions is not what runs");
    }

    @Test
    void anIdleAdapterStaysInMemoryUntilOthersNeedItsPlace() {
        MetricsPage page = new MetricsPage(Engine.VLLM.spec());
        assertEquals(Set.of("a"), resident(page, "a", 1));
        assertEquals(Set.of("a"), resident(page, "", 2));
        assertEquals(Set.of("a", "b"), resident(page, "b", 3));
        assertEquals(Set.of("a", "b"), resident(page, "a", 4));
        assertEquals(Set.of("a", "c"), resident(page, "c", 5), "b ran longest ago");
        page.forget();
        assertEquals(Set.of(), resident(page, "", 6), "a new process has loaded nothing");
    }

    @Test
    void aConfiguredEngineIsReadByItsOwnSpecs() {
        EngineSpec engine = new EngineSpec(
                "own",
                Map.of(
                        Role.WAITING, List.of(MetricSpec.parse("q{kind=wait,pool=\"x\"}")),
                        Role.RUNNING, List.of(MetricSpec.parse("q{kind=run}")),
                        Role.CACHE_INFO, List.of(MetricSpec.parse("queue_cache"))),
                "size",
                "count",
                Map.of("heat", MetricSpec.parse("gpu_heat{gpu=\"1\"}"), "none", MetricSpec.parse("absent")));
        EngineSignals signals = Objects.requireNonNull(feed(new MetricsPage(engine), """
                q{kind="wait",pool="x",engine="0"} 3
                q{kind="wait",pool="x",engine="1"} 4
                q{kind="wait",pool="y"} 100
                q{kind="run"} 2
                qu 77
                queue_cache{size="16",count="10"} 1
                gpu_heat{gpu="0"} 70
                gpu_heat{gpu="1"} 71.5
                gpu_heat{gpu="1",again="1"} 99
                """, QueueState.IDLE));
        assertEquals(7, signals.waiting());
        assertEquals(2, signals.running());
        assertEquals(160, signals.kvCapacityTokens());
        assertEquals(Map.of("heat", 71.5), signals.attributes());
    }

    private static Set<String> resident(MetricsPage page, String running, int since) {
        EngineSignals signals = Objects.requireNonNull(feed(
                page,
                "vllm:num_requests_running 1\nvllm:lora_requests_info{max_lora=\"2\",running_lora_adapters=\"" + running
                        + "\",waiting_lora_adapters=\"\"} " + since + "\n",
                QueueState.IDLE));
        return signals.residentAdapters();
    }

    private static @Nullable EngineSignals feed(MetricsPage page, String text, QueueState own) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        page.begin();
        page.feed(bytes, 0, bytes.length);
        return page.end(42, own);
    }

    private static EngineSignals read(Engine engine, String text) {
        return Objects.requireNonNull(page(engine, text));
    }

    private static @Nullable EngineSignals page(Engine engine, String text) {
        return feed(new MetricsPage(engine.spec()), text, QueueState.IDLE);
    }
}
