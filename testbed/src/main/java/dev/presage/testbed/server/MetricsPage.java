package dev.presage.testbed.server;

import dev.presage.testbed.engine.EngineGauges;
import dev.presage.testbed.engine.EngineProfile;
import java.util.Set;
import java.util.stream.Collectors;

/** The engine's state in Prometheus text format, under vLLM's names. */
final class MetricsPage {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final String labels;
    private final String cacheLabels;
    private final int maxAdapters;

    MetricsPage(String model, EngineProfile profile, ServedAdapters adapters) {
        maxAdapters = adapters.names().isEmpty() ? 0 : adapters.limits().slots();
        String escaped = model.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        labels = "engine=\"0\",model_name=\"" + escaped + "\"";
        cacheLabels = "block_size=\"" + EngineProfile.BLOCK_TOKENS + "\",enable_prefix_caching=\"True\",engine=\"0\""
                + ",num_gpu_blocks=\"" + profile.kvBlocks() + "\"";
    }

    String render(EngineGauges gauges, long generatedTokens, double epochSeconds) {
        StringBuilder page = new StringBuilder(2_000);
        metric(page, "num_requests_running", "gauge", "Requests in the running batch.", labels, gauges.running());
        metric(page, "num_requests_waiting", "gauge", "Requests waiting to be admitted.", labels, gauges.waiting());
        metric(page, "kv_cache_usage_perc", "gauge", "KV cache in use, 1 is all of it.", labels, gauges.kvUsage());
        metric(page, "cache_config_info", "gauge", "Configuration of the KV cache.", cacheLabels, 1);
        metric(
                page,
                "prefix_cache_queries_total",
                "counter",
                "Prompt tokens looked up in the prefix cache.",
                labels,
                gauges.prefixQueriedTokens());
        metric(
                page,
                "prefix_cache_hits_total",
                "counter",
                "Prompt tokens found in the prefix cache.",
                labels,
                gauges.prefixHitTokens());
        metric(page, "num_preemptions_total", "counter", "Pre-emptions.", labels, gauges.preemptions());
        metric(page, "generation_tokens_total", "counter", "Tokens generated.", labels, generatedTokens);
        metric(
                page,
                "lora_requests_info",
                "gauge",
                "LoRA adapters in use; the value is the time in seconds.",
                "max_lora=\"" + maxAdapters + "\",running_lora_adapters=\"" + list(gauges.runningAdapters())
                        + "\",waiting_lora_adapters=\"" + list(gauges.waitingAdapters()) + "\"",
                epochSeconds);
        return page.toString();
    }

    private static String list(Set<String> adapters) {
        return adapters.stream().sorted().collect(Collectors.joining(","));
    }

    private static void metric(StringBuilder page, String name, String type, String help, String labels, double value) {
        page.append("# HELP vllm:").append(name).append(' ').append(help).append('\n');
        page.append("# TYPE vllm:").append(name).append(' ').append(type).append('\n');
        page.append("vllm:").append(name).append('{').append(labels).append("} ");
        page.append(value).append('\n');
    }
}
