package dev.presage.router.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.EndpointPicker;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.metrics.Page;
import dev.presage.router.pick.Ladder;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.request.Api;
import dev.presage.router.request.InferenceRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DebugPagesTest {
    @Test
    void theStateShowsWhatTheRouterBelieves() throws Exception {
        Fleet fleet = new Fleet();
        fleet.replace(List.of(
                new Endpoint("ns/a-rank-0", "10.0.0.1", 8000, Map.of("accelerator", "h100")),
                new Endpoint("ns/b-rank-0", "10.0.0.2", 8000, Map.of())));
        fleet.signals("ns/a-rank-0", new EngineSignals(0, 2, 0.5, 16, 100, Set.of("ski"), 0));
        ApproximatePrefixIndex prefixes = new ApproximatePrefixIndex(1 << 16);
        EndpointPicker picker = new EndpointPicker(
                fleet,
                prefixes,
                Ladder.DEFAULT,
                List.of(),
                () -> 5_000_000,
                InstantSource.system(),
                () -> new Random(1),
                Duration.ofSeconds(1));
        picker.route(
                new InferenceRequest(
                        "r", "c", "m", "m", Api.CHAT, 128, new long[] {1, 2}, 10, true, 0, Map.of("secret", "s3cret")),
                endpoint -> endpoint.id().contains("a-rank"));
        StatePage page = new StatePage("pool", fleet, prefixes, picker, () -> 5_000_000);
        String json = new String(page.get(Map.of()).body(), StandardCharsets.UTF_8).replaceAll("\\s", "");
        assertTrue(
                json.startsWith("{\"pool\":\"pool\",\"model\":null,\"prefixIndex\":{\"blocks\":2},\"endpoints\":["),
                json);
        assertTrue(json.contains("\"signals\":{\"ageMs\":5,\"waiting\":0.0,\"running\":2.0"), json);
        assertTrue(json.contains("\"loadedAdapters\":[\"ski\"]"), json);
        assertTrue(json.contains("\"twin\":{\"pendingRequests\":1,\"pendingTokens\":128"), json);
        assertTrue(json.contains("\"id\":\"ns/b-rank-0\""), json);
        assertTrue(json.contains("\"signals\":null"), "a never scraped endpoint is unknown: " + json);
        assertFalse(json.contains("s3cret"));
    }

    @Test
    void recordingsAreBoundedAndHideTheEnvironment() throws Exception {
        FlightPage page = new FlightPage();
        assertEquals(400, page.get(Map.of("seconds", "61")).status());
        assertEquals(400, page.get(Map.of("seconds", "x")).status());
        Page.Answer recording = page.get(Map.of("seconds", "1"));
        assertEquals(200, recording.status());
        String bytes = new String(recording.body(), StandardCharsets.ISO_8859_1);
        assertTrue(bytes.startsWith("FLR"));
        assertFalse(bytes.contains("surefire.test.class.path"), "system properties are not recorded");
    }
}
