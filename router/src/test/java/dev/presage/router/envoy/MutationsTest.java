package dev.presage.router.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MutationsTest {
    private static final Route ROUTE =
            new Route("10.0.0.1:8000,[fd00::2]:8000", Map.of("x-prefiller-host-port", "10.0.0.9:8000"));

    @Test
    void aRouteOfSeveralEndpointsAndItsHeadersReplaceTheClients() {
        Headers client = headers("X-Prefiller-Host-Port", "6.6.6.6:1", "traceparent", "00-1-2-01", "TE", "trailers");
        Map<String, String> expected = Map.of(
                "x-gateway-destination-endpoint", "10.0.0.1:8000,[fd00::2]:8000",
                "x-prefiller-host-port", "10.0.0.9:8000");
        HeaderMutation bodiless = Mutations.bodiless(ROUTE, client);
        assertEquals(expected, set(bodiless));
        assertEquals(List.of(), bodiless.getRemoveHeadersList());

        var more = new TreeMap<>(expected);
        more.put("Content-Length", "7");
        more.put("traceparent", "00-1-2-01");
        more.put("x-request-id", "id");
        assertEquals(more, set(Mutations.withBody(ROUTE, client, 7, false, "id")));
    }

    @Test
    void aLengthThatIsNotKnownIsTakenOff() {
        Headers client = headers("Content-Length", "7", "accept-encoding", "gzip", "x-request-id", "own");
        HeaderMutation mutation = Mutations.withBody(ROUTE, client, Mutations.UNKNOWN, true, "id");
        assertEquals(List.of("content-length", "accept-encoding"), mutation.getRemoveHeadersList());
        assertEquals("own", set(mutation).get("x-request-id"));
        assertEquals(
                "gzip", set(Mutations.withBody(ROUTE, client, 0, false, "id")).get("accept-encoding"));
    }

    @Test
    void hopByHopHeadersOfAReplyAreNotSetAgain() {
        Headers reply = headers(
                "transfer-encoding",
                "chunked",
                "Connection",
                "close",
                "x-kept",
                "1",
                "content-length",
                "5",
                "set-cookie",
                "a",
                "set-cookie",
                "b",
                "x-gateway-destination-endpoint-served",
                "10.0.0.1:1");
        assertEquals(
                Map.of("x-went-into-resp-headers", "true", "x-kept", "1"),
                set(Mutations.response(reply, false, Map.of())));
        assertEquals(
                List.of("content-length"),
                Mutations.response(reply, true, Map.of()).getRemoveHeadersList());
    }

    private static Headers headers(String... pairs) {
        return new Headers(ExtProcHarness.headers(false, pairs).getHeaders());
    }

    private static Map<String, String> set(HeaderMutation mutation) {
        Map<String, String> set = new TreeMap<>();
        mutation.getSetHeadersList()
                .forEach(header -> set.put(
                        header.getHeader().getKey(),
                        header.getHeader().getRawValue().toStringUtf8()));
        return set;
    }
}
