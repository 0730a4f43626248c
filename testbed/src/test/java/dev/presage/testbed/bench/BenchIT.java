package dev.presage.testbed.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.presage.cli.Presage;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A short run against a real router process: what is counted, not how fast. */
class BenchIT {
    private static JsonNode run(String... arguments) throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine presage = Presage.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertEquals(0, presage.execute(arguments), err::toString);
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void theModelDecidesUnderClosedAndOpenLoadAndNothingFails() throws Exception {
        JsonNode rows = run(
                        "bench",
                        "--bodies=1024,40000",
                        "--concurrency=2",
                        "--rates=50",
                        "--seconds=1",
                        "--repeats=1",
                        "--warmup=1",
                        "--output=json")
                .get("results");
        assertEquals(8, rows.size());
        for (JsonNode row : rows) {
            assertEquals(0, row.get("errors").asInt(), row::toPrettyString);
            assertTrue(row.get("p50_us").get("median").asDouble() > 0, row::toPrettyString);
            if (row.get("server").asText().equals("presage")) {
                assertTrue(row.get("decided_by").get("learned").asLong() > 0, row::toPrettyString);
            }
        }
    }

    @Test
    void withoutAModelAndOverTlsTheSimplePolicyDecides() throws Exception {
        JsonNode rows = run(
                        "bench",
                        "--bodies=1024",
                        "--concurrency=2",
                        "--seconds=0.5",
                        "--repeats=1",
                        "--warmup=0.5",
                        "--prediction=off",
                        "--tls",
                        "--no-floor",
                        "--output=json")
                .get("results");
        assertEquals(1, rows.size());
        assertEquals(0, rows.get(0).get("errors").asInt());
        assertTrue(rows.get(0).get("decided_by").get("fleet-lmetric/no-model").asLong() > 0);
    }
}
