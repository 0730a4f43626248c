package dev.presage.router.epp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EppCommandTest {
    @ParameterizedTest
    @CsvSource({"-v=4, -v", "-v4, -v", "--v=5, --v", "--zap-encoder=json, --zap-encoder", "--zap-devel, --zap-devel"})
    void verbosityIsTakenWithAWarning(String argument, String warnedOf) {
        var parsed = new CommandLine(new EppCommand()).parseArgs(argument);
        assertEquals(List.of(warnedOf), UnusedFlags.ignored(parsed));
        assertEquals(List.of(), UnusedFlags.rejected(parsed));
    }

    /** What stops the start, with what the operator reads. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --config-text=kind: EndpointPickerConfig         | --config-text line 1: needs the field apiVersion
            --config-text={apiVersion: v2, kind: x}          | apiVersion must be llm-d.ai/v1alpha1
            --config-text={apiVersion: llm-d.ai/v1alpha1, kind: EndpointPickerConfig, plugins: [{type: a}]} | is not a known plugin type
            --config-text={apiVersion: llm-d.ai/v1alpha1, kind: EndpointPickerConfig, plugins: [{type: agent-identity}]} | needs --allow-experimental-plugins
            --config-text={                                  | --config-text is not YAML
            --config-file=/no/such/file                      | cannot read the configuration
            --lora-info-metric=x                             | --lora-info-metric is no longer supported: use engineConfigs
            --no-such-flag                                   | Unknown option
            --tls-min-version=1.3                            | --tls-min-version 1.3 must be one of VersionTLS10
            --tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA     | --tls-cipher-suites TLS_RSA_WITH_RC4_128_SHA must be one of
            """)
    void theStartStopsWithTheReason(String argument, String reason) {
        StringWriter said = new StringWriter();
        int code =
                new CommandLine(new EppCommand()).setErr(new PrintWriter(said)).execute(argument);
        assertEquals(2, code);
        assertTrue(said.toString().contains(reason), said.toString());
    }

    @Test
    void bodyRoutingRefusesItsFlagsToo() {
        StringWriter said = new StringWriter();
        int code =
                new CommandLine(new BbrCommand()).setErr(new PrintWriter(said)).execute("--tls-min-version=1.3");
        assertEquals(2, code);
        assertTrue(said.toString().contains("--tls-min-version 1.3 must be one of"), said.toString());
    }
}
