package dev.presage.testbed.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.observe.EndCause;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.gateway.Gateway;
import dev.presage.testbed.gateway.Gateways;
import dev.presage.testbed.gateway.Lane;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official OpenAI client, from its package, against a gateway and Presage. Its Python is {@code PRESAGE_PYTHON}, else one
 * that is made below {@code target} with pip.
 */
class OpenAiClientIT {
    private static final long PIP_MINUTES = 5;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void getsStreamedAndPlainAnswers(boolean frontDoor) throws Exception {
        Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
        EngineProfile profile = EngineProfile.named("h100-llama-2-70b-hf-tp8");
        try (ReplicaSet replicas = ReplicaSet.start(List.of(profile, profile), 10);
                ArmRouter router = ArmRouter.start(Arm.LEARNED, replicas.endpoints(), List.of(into(outcomes)), 1);
                Gateway gateway = Gateways.open(List.of(new Lane("learned", router.port())), null, frontDoor, false)) {
            String said = run(List.of(
                    python().toString(),
                    script().toString(),
                    gateway.baseUrl("learned").toString()));
            assertEquals("ok", said.strip());
        }
        // Four completions; the list of models has no body and is routed without a look inside.
        List<Outcome> answered = outcomes.stream()
                .filter(outcome -> outcome.usage().outputTokens() > 0)
                .toList();
        assertEquals(4, answered.size(), outcomes.toString());
        assertTrue(answered.stream().allMatch(outcome -> outcome.cause() == EndCause.COMPLETED));
        assertEquals(
                List.of(9, 9, 12, 12),
                answered.stream()
                        .map(outcome -> outcome.usage().outputTokens())
                        .sorted()
                        .toList());
        assertEquals(
                2, answered.stream().filter(outcome -> outcome.ttftMs() != null).count(), "streamed ones");
    }

    private static RoutingListener into(Queue<Outcome> outcomes) {
        return new RoutingListener() {
            @Override
            public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {}

            @Override
            public void ended(Outcome outcome) {
                outcomes.add(outcome);
            }
        };
    }

    private static Path script() throws Exception {
        return Path.of(OpenAiClientIT.class.getResource("openai_client.py").toURI());
    }

    private static Path python() throws Exception {
        String given = System.getenv("PRESAGE_PYTHON");
        if (given != null) {
            return Path.of(given);
        }
        Path venv = Path.of("target", "openai-venv").toAbsolutePath();
        Path python = venv.resolve("bin/python");
        if (!Files.exists(venv.resolve("ready"))) {
            run(List.of("python3", "-m", "venv", venv.toString()));
            run(List.of(python.toString(), "-m", "pip", "install", "-q", "openai==3.52"));
            Files.createFile(venv.resolve("ready"));
        }
        return python;
    }

    private static String run(List<String> command) throws Exception {
        Path output = Files.createTempFile("presage-openai", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(PIP_MINUTES, TimeUnit.MINUTES);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertTrue(ended && process.exitValue() == 0, () -> command + ":\n" + said);
            return said;
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
