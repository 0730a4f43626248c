package dev.presage.router.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.EndpointPicker;
import dev.presage.router.Routing;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.kafka.DropReason;
import dev.presage.router.model.Bundles;
import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Usage;
import dev.presage.router.pick.Ladder;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.scrape.ScrapeFailure;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouterMetricsTest {
    private final RouterMetrics metrics = new RouterMetrics("0.1.0", "abc");
    private final Fleet fleet = new Fleet();
    private final AtomicLong nanos = new AtomicLong();
    private final Random random = new Random(1);
    private EndpointPicker picker;

    @BeforeEach
    void route() {
        fleet.replace(List.of(new Endpoint("default/a-rank-0", "10.0.0.1", 8000, Map.of("accelerator", "h100"))));
        metrics.watch(fleet, "pool");
        picker = new EndpointPicker(
                fleet,
                new ApproximatePrefixIndex(1 << 16),
                Ladder.DEFAULT,
                metrics.routing(),
                nanos::get,
                () -> Instant.ofEpochMilli(Bundles.TRAINED_AT_MS),
                () -> random,
                Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void aRequestIsSeenFromDecisionToEnd() {
        fleet.signals("default/a-rank-0", new EngineSignals(4, 2, 0.5, 16, 100, Set.of(), 0));
        Routing.Started started = started("m");
        assertSample("llm_d_epp_request_running{fairness_id=\"default-flow\",model_name=\"m\",priority=\"0\","
                + "target_model_name=\"m\"} 1.0");
        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(1, 300_000_000);
        started.exchange().streamedTokens(10, 500_000_000);
        started.exchange().usage(new Usage(100, 64, 11));
        nanos.set(600_000_000);
        started.exchange().end(EndCause.COMPLETED);
        String r = "{fairness_id=\"default-flow\",model_name=\"m\",priority=\"0\",target_model_name=\"m\"}";
        assertSample("llm_d_epp_request_total" + r + " 1.0");
        assertSample("llm_d_epp_request_duration_seconds_sum" + r + " 0.6");
        assertSample("llm_d_epp_request_streaming_tpot_seconds_sum" + r + " 0.02");
        assertSample("llm_d_epp_request_cached_tokens_sum" + r + " 64.0");
        assertSample("llm_d_epp_request_running" + r + " 0.0");
        assertSample("llm_d_epp_request_ttft_seconds_sum{fairness_id=\"default-flow\",model_name=\"m\",priority=\"0\","
                + "streaming=\"true\",target_model_name=\"m\"} 0.3");
        assertSample("presage_decisions_total{explored=\"false\",fallback=\"no-model\",policy=\"fleet-lmetric\"} 1.0");
        assertSample("llm_d_epp_scheduler_e2e_duration_seconds_count 1");
        assertSample("llm_d_epp_ready_endpoints{name=\"pool\"} 1.0");
        assertSample("llm_d_epp_average_queue_size{name=\"pool\"} 4.0");
        assertSample("llm_d_epp_average_kv_cache_utilization{name=\"pool\"} 0.5");
        assertSample("llm_d_epp_info{build_ref=\"0.1.0\",commit=\"abc\"} 1");
        assertTrue(metrics.page().contains("llm_d_epp_request_ttft_seconds_bucket{"));
        assertTrue(metrics.page().contains("llm_d_epp_prefix_indexer_hit_ratio_bucket{"));
    }

    @Test
    void decisionsOfRewriteRulesAreCounted() {
        metrics.rewritten("r", "my", "ruled");
        metrics.rewritten("r", "my", "ruled");
        String labels = "{model_name=\"my\",model_rewrite_name=\"r\",target_model=\"ruled\"} 2.0";
        assertSample("llm_d_epp_model_rewrite_decisions_total" + labels);
        assertSample("inference_extension_model_rewrite_decisions_total" + labels);
    }

    @Test
    void aRequestThatWentElsewhereIsCounted() {
        started("m").exchange().end(EndCause.COMPLETED);
        assertSample("presage_served_elsewhere_total 0.0");
        Routing.Started moved = started("m");
        moved.exchange().servedBy("10.0.0.2:8000");
        moved.exchange().end(EndCause.COMPLETED);
        assertSample("presage_served_elsewhere_total 1.0");
    }

    @Test
    void predictionsAreComparedWithWhatHappened() {
        fleet.signals("default/a-rank-0", new EngineSignals(0, 0, 0, 16, 100, Set.of(), 0));
        VerifiedBundle bundle = verified(1);
        picker.serve(
                new ServingModel(bundle.id().value(), bundle.predictor(), Instant.ofEpochMilli(Bundles.TRAINED_AT_MS)));
        Routing.Started started = started("m");
        started.exchange().responseStarted(200, true);
        started.exchange().streamedTokens(1, 300_000_000);
        started.exchange().end(EndCause.COMPLETED);
        assertSample("presage_prediction_error_ratio_count{target=\"ttft\"} 1");
        assertSample("presage_prediction_error_ratio_count{target=\"tpot\"} 0");
        assertTrue(metrics.page().contains("llm_d_epp_request_predicted_ttft_seconds_count{"));
    }

    @Test
    void failuresAreCountedByCode() {
        Routing.Started started = started("m");
        started.exchange().responseStarted(503, false);
        started.exchange().end(EndCause.COMPLETED);
        metrics.refused("m", 0, "ServiceUnavailable");
        String r = ",fairness_id=\"default-flow\",model_name=\"m\",priority=\"0\",target_model_name=\"m\"} 1.0";
        assertSample("llm_d_epp_request_error_total{error_code=\"ModelServerError\"" + r);
        assertSample("llm_d_epp_request_error_total{error_code=\"ServiceUnavailable\"" + r);
    }

    @Test
    void adaptersAndModelsHaveTheirCounters() {
        assertSample("presage_event_log_dropped_total{reason=\"spool-full\"} 0.0");
        metrics.eventLog().dropped(DropReason.SPOOL_FULL);
        metrics.scraping().failed("a", ScrapeFailure.TIMEOUT);
        metrics.scraping().modelsFailed("a", ScrapeFailure.CONNECT);
        metrics.scraping().modelsFailed("a", ScrapeFailure.STATUS);
        metrics.scraping().modelsFailed("a", ScrapeFailure.UNREADABLE);
        metrics.discovery().rejected("bad");
        metrics.discovery().disconnected("pods");
        metrics.models().refused("x", "digest-mismatch");
        VerifiedBundle one = verified(1);
        VerifiedBundle two = verified(2);
        metrics.models().swapped(one);
        metrics.models().swapped(two);
        assertSample("presage_event_log_dropped_total{reason=\"spool-full\"} 1.0");
        assertSample("presage_scrape_failures_total{reason=\"timeout\"} 1.0");
        assertSample("llm_d_epp_datalayer_poll_errors_total{source_type=\"metrics-data-source\"} 1.0");
        assertSample("llm_d_epp_datalayer_poll_errors_total{source_type=\"models-data-source\"} 2.0");
        assertSample("llm_d_epp_datalayer_extract_errors_total{extractor_type=\"models-data-extractor\","
                + "source_type=\"models-data-source\"} 1.0");
        assertSample("presage_discovery_loads_total{result=\"rejected\"} 1.0");
        assertSample("presage_discovery_disconnects_total{resource=\"pods\"} 1.0");
        assertSample("presage_model_refusals_total{reason=\"digest-mismatch\"} 1.0");
        assertSample("presage_model_swaps_total 2.0");
        assertSample("presage_bundle_info{bundle_id=\"" + two.id() + "\"} 1");
        assertFalse(metrics.page().contains(one.id().value()));
    }

    @Test
    void modelNamesAreBounded() {
        for (int i = 0; i < 1010; i++) {
            metrics.refused("model-" + i, 0, "BadRequest");
        }
        assertEquals(
                1001,
                metrics.page()
                        .lines()
                        .filter(line -> line.startsWith("llm_d_epp_request_total{"))
                        .count());
        assertSample("llm_d_epp_request_total{fairness_id=\"default-flow\",model_name=\"other\",priority=\"0\","
                + "target_model_name=\"other\"} 10.0");
    }

    @Test
    void thePageIsServed() throws Exception {
        try (MetricsServer server =
                        MetricsServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics::page);
                HttpClient client = HttpClient.newHttpClient()) {
            assertEquals(200, get(client, server.port(), "/metrics").statusCode());
            assertTrue(get(client, server.port(), "/metrics").body().contains("presage_model_trained_at_seconds"));
            assertEquals(404, get(client, server.port(), "/metricsx").statusCode());
        }
    }

    private static HttpResponse<String> get(HttpClient client, int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private Routing.Started started(String model) {
        InferenceRequest request =
                new InferenceRequest("r", "c", model, model, Api.CHAT, 100, new long[] {1}, 10, true, 0, Map.of());
        if (picker.route(request, endpoint -> true) instanceof Routing.Started started) {
            return started;
        }
        throw new AssertionError("refused");
    }

    private static VerifiedBundle verified(int number) {
        if (new BundleReader(TrustPolicy.anyone())
                        .verify(Bundles.archive("p", number).bytes())
                instanceof VerifiedBundle bundle) {
            return bundle;
        }
        throw new AssertionError("refused");
    }

    private void assertSample(String line) {
        assertTrue(metrics.page().lines().anyMatch(line::equals), () -> line + " not in\n" + metrics.page());
    }
}
