package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.presage.router.envoy.EnvoyProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The main cases of the contract's end-to-end tests and of the conformance tests, through a real Envoy and a whole router, in both
 * versions of HTTP; skipped where there is no Envoy.
 */
class ContractEnvoyIT {
    private static final String PLUGINS =
            "{type: header-based-testing-filter}\n{type: session-affinity-filter}\n{type: destination-endpoint-served-verifier}";
    private static final String SELECTION = "test-epp-endpoint-selection";

    @TempDir
    Path directory = Path.of(".");

    @ParameterizedTest
    @EnumSource
    void theMainCasesThroughEnvoy(Version version) throws Exception {
        Optional<Path> binary = EnvoyProcess.binary();
        assumeTrue(binary.isPresent(), "no Envoy: set -Denvoy.path or ENVOY_PATH");
        List<EngineStub> engines = List.of(
                EngineStub.serving(0, 3, .2),
                EngineStub.serving(1, 0, .1),
                EngineStub.serving(2, 10, .2),
                EngineStub.serving(2, 10, .9));
        try (HttpClient client = HttpClient.newBuilder()
                        .sslContext(GatewayCertificate.write(directory))
                        .version(version)
                        .build();
                LiveRouter router = LiveRouter.with(PLUGINS, directory, engines, "--allow-experimental-plugins");
                EnvoyProcess envoy = EnvoyProcess.start(
                        binary.get(),
                        directory,
                        "/envoy-it.yaml",
                        router.processorPort(),
                        "FULL_DUPLEX_STREAMED",
                        "FULL_DUPLEX_STREAMED",
                        0)) {
            Gateway gateway = new Gateway(client, envoy);
            picks(gateway, engines);
            rewrites(gateway);
            refusals(gateway);
            subsets(gateway, engines);
            selections(gateway, engines);
            sessions(gateway, engines);
            assertEquals(
                    "fail: missing envoy lb metadata",
                    header(gateway.completion("m"), "x-conformance-test-served-endpoint"));
        }
    }

    /** The emptier queue and cache; the adapter that is active; nobody is shed when all are busy; a GET and other APIs. */
    private static void picks(Gateway gateway, List<EngineStub> engines) throws Exception {
        assertServed(engines.get(1), gateway.completion("m"));
        engines.get(0).says(0, .2, "foo", "bar");
        engines.get(1).says(0, .1, "foo", "target");
        engines.get(2).says(10, .2, "foo");
        assertServed(engines.get(1), gateway.completion("target"));
        engines.get(0).says(6, .2, "foo", "target");
        engines.get(1).says(0, .85, "foo");
        engines.get(2).says(10, .9, "foo");
        assertServed(engines.get(0), gateway.completion("target", "x-llm-d-inference-objective", "sql-lora-sheddable"));
        assertEquals(200, gateway.get("/v1/models").statusCode());
        for (String path :
                List.of("/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/messages", "/else")) {
            String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"input\":\"x\"}";
            HttpResponse<String> reply = gateway.post(path, body);
            assertEquals(200, reply.statusCode(), path);
            assertEquals(body, reply.body());
        }
        engines.get(0).says(3, .2);
        engines.get(1).says(0, .1);
    }

    private static void rewrites(Gateway gateway) throws Exception {
        HttpResponse<String> reply = gateway.completion("my-model", "x-llm-d-model-name-rewrite", "my-model-12345");
        assertEquals(body("my-model-12345"), header(reply, "x-got"));
        assertEquals(body("my-model"), reply.body());
        assertEquals("true", header(reply, "x-went-into-resp-headers"));
    }

    private static void refusals(Gateway gateway) throws Exception {
        HttpResponse<String> malformed = gateway.post("/v1/completions", "no healthy upstream");
        assertEquals(400, malformed.statusCode());
        assertEquals(
                "inference error: BadRequest - error unmarshaling request bodyMap: "
                        + "invalid character 'o' in literal null (expecting 'u')",
                malformed.body());
        HttpResponse<String> unnamed = gateway.post("/v1/completions", "{\"prompt\":\"hello world\"}");
        assertEquals(400, unnamed.statusCode());
        assertEquals("inference error: BadRequest - model not found in request body", unnamed.body());
    }

    private static void subsets(Gateway gateway, List<EngineStub> engines) throws Exception {
        String first = engines.get(0).address();
        String third = engines.get(2).address();
        assertServed(engines.get(0), gateway.completion("m", "x-subset", first + "," + third));
        assertServed(engines.get(2), gateway.completion("m", "x-subset", third + ",10.0.0.1:80"));
        HttpResponse<String> nobody = gateway.completion("m", "x-subset", "10.0.0.1:80");
        assertEquals(503, nobody.statusCode());
        assertEquals("rejected-no-endpoints", header(nobody, "x-llm-d-request-dropped-reason"));
    }

    /** By address, by address and port where two ports share an address, several, all, and nobody. */
    private static void selections(Gateway gateway, List<EngineStub> engines) throws Exception {
        for (EngineStub engine : engines) {
            for (int i = 0; i < 10; i++) {
                assertServed(engine, gateway.completion("m", SELECTION, engine.address()));
            }
        }
        Set<String> shared =
                new TreeSet<>(List.of(engines.get(2).address(), engines.get(3).address()));
        HttpResponse<String> either = gateway.completion("m", SELECTION, "127.0.0.3");
        assertTrue(shared.contains(header(either, "x-served-by")));
        assertServed(engines.get(0), gateway.completion("m", SELECTION, "127.0.0.1,127.0.0.3"));
        assertServed(engines.get(1), gateway.completion("m", SELECTION, "127.0.0.1,127.0.0.2,127.0.0.3"));
        assertEquals(429, gateway.completion("m", SELECTION, "10.9.9.9").statusCode());
    }

    private static void sessions(Gateway gateway, List<EngineStub> engines) throws Exception {
        HttpResponse<String> first =
                gateway.completion("m", SELECTION, engines.get(2).address());
        String token = header(first, "x-session-token");
        for (int i = 0; i < 3; i++) {
            assertServed(engines.get(2), gateway.completion("m", "x-session-token", token));
        }
    }

    private static void assertServed(EngineStub expected, HttpResponse<String> reply) {
        assertEquals(200, reply.statusCode(), reply::body);
        assertEquals(expected.address(), header(reply, "x-served-by"));
    }

    private static String header(HttpResponse<String> reply, String name) {
        return reply.headers().firstValue(name).orElse("");
    }

    private static String body(String model) {
        return "{\"max_tokens\":100,\"model\":\"" + model + "\",\"prompt\":\"test1\",\"temperature\":0}";
    }

    /** What a client of the gateway sees. */
    private record Gateway(HttpClient client, EnvoyProcess envoy) {
        HttpResponse<String> completion(String model, String... headers) throws IOException, InterruptedException {
            return post("/v1/completions", body(model), headers);
        }

        HttpResponse<String> post(String path, String body, String... headers)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(envoy.uri(path))
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofString(body));
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            HttpResponse<String> reply = client.send(request.build(), BodyHandlers.ofString());
            assertEquals(client.version(), reply.version());
            return reply;
        }

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return client.send(HttpRequest.newBuilder(envoy.uri(path)).build(), BodyHandlers.ofString());
        }
    }
}
