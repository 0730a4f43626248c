package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract's end-to-end cases with endpoints of several roles, over raw gRPC. */
class SplitCasesTest {
    private static final String PREFILLER = "x-prefiller-host-port";
    private static final String LONG = "{\"model\":\"m\",\"prompt\":\"" + "word ".repeat(400) + "\"}";
    private static final String CONFIG = """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - {type: file-discovery, parameters: {path: $ENDPOINTS}}
            - {type: prefill-filter}
            - {type: decode-filter}
            - {type: queue-scorer}
            - {type: prefix-based-pd-decider, parameters: {nonCachedTokens: 100}}
            - type: disagg-profile-handler
              parameters: {deciders: {prefill: prefix-based-pd-decider}}
            - {type: session-affinity-filter}
            - {name: prefill-session, type: session-affinity-filter, parameters: {profileName: prefill,
                encodedEndpointHeaderConfig: {header: x-prefill-session}}}
            schedulingProfiles:
            - name: prefill
              plugins: [{pluginRef: prefill-filter}, {pluginRef: prefill-session}, {pluginRef: queue-scorer}]
            - name: decode
              plugins: [{pluginRef: decode-filter}, {pluginRef: session-affinity-filter}, {pluginRef: queue-scorer}]
            dataLayer: {discovery: {pluginRef: file-discovery}}
            """;

    @TempDir
    Path directory = Path.of(".");

    @Test
    void aLongPromptNamesItsPrefillerAndASessionKeepsBothEndpoints() throws Exception {
        List<EngineStub> engines = List.of(
                EngineStub.serving(0, 0, .1).as("prefill"),
                EngineStub.serving(1, 5, .1).as("prefill"),
                EngineStub.serving(2, 0, .1).as("decode"),
                EngineStub.serving(3, 5, .1).as("decode"));
        try (LiveRouter router = LiveRouter.of(CONFIG, directory, engines, "--allow-experimental-plugins")) {
            List<ProcessingResponse> first = whole(router.open(), LONG);
            assertEquals(engines.get(2).address(), ContractCasesTest.destination(first.getFirst()));
            assertEquals(engines.get(0).address(), set(first, 0).get(PREFILLER));
            Map<String, String> tokens = set(first, 2);
            engines.get(0).says(9, .1);
            engines.get(2).says(9, .1);
            List<ProcessingResponse> stranger = whole(router.open(), LONG.replace("word", "else"));
            assertEquals(engines.get(3).address(), ContractCasesTest.destination(stranger.getFirst()));
            assertEquals(engines.get(1).address(), set(stranger, 0).get(PREFILLER));
            List<ProcessingResponse> again = whole(
                    router.open(),
                    LONG.replace("word", "more"),
                    "x-session-token",
                    tokens.getOrDefault("x-session-token", ""),
                    "x-prefill-session",
                    tokens.getOrDefault("x-prefill-session", ""));
            assertEquals(engines.get(2).address(), ContractCasesTest.destination(again.getFirst()));
            assertEquals(engines.get(0).address(), set(again, 0).get(PREFILLER));
        }
    }

    @Test
    void aShortPromptIsDecodedAloneWhateverTheClientSaid() throws Exception {
        List<EngineStub> engines = List.of(
                EngineStub.serving(0, 0, .1).as("prefill"),
                EngineStub.serving(1, 0, .1).as("decode"));
        try (LiveRouter router = LiveRouter.of(CONFIG, directory, engines, "--allow-experimental-plugins")) {
            List<ProcessingResponse> answers =
                    whole(router.open(), "{\"model\":\"m\",\"prompt\":\"short\"}", PREFILLER, "10.6.6.6:1");
            assertEquals(engines.get(1).address(), ContractCasesTest.destination(answers.getFirst()));
            assertFalse(set(answers, 0).containsKey(PREFILLER));
            List<ProcessingResponse> decodeOnly =
                    whole(router.open().subset(engines.get(1).address()), LONG);
            assertEquals(engines.get(1).address(), ContractCasesTest.destination(decodeOnly.getFirst()));
            assertFalse(set(decodeOnly, 0).containsKey(PREFILLER), "nobody is there to prefill");
        }
    }

    private static List<ProcessingResponse> whole(LiveRouter.Stream stream, String body, String... headers)
            throws InterruptedException {
        String[] all = new String[headers.length + 2];
        all[0] = ":path";
        all[1] = "/v1/completions";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return stream.requestHeaders(false, all)
                .requestBody(body, true)
                .responseHeaders(false, ":status", "200", "content-type", "application/json")
                .responseBody("{}", true)
                .answers(4);
    }

    private static Map<String, String> set(List<ProcessingResponse> answers, int place) {
        ProcessingResponse answer = answers.get(place);
        return ContractCasesTest.set(
                place == 0
                        ? answer.getRequestHeaders().getResponse()
                        : answer.getResponseHeaders().getResponse());
    }
}
