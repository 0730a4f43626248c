package dev.presage.store.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import dev.presage.cli.Presage;
import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.EndCause;
import dev.presage.pipeline.proto.HoldBefore;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.registry.DirectoryRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code presage models explain} against a real log. */
class ExplainIT {
    @TempDir
    Path root;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final BundleArchive bundle = SampleBundles.archive("chat", 1);

    @Test
    void printsTheReceiptOfARequest() throws Exception {
        try (DirectoryRegistry registry = DirectoryRegistry.open(
                root.resolve("store"), new BundleReader(TrustPolicy.anyone()), 50, () -> Instant.ofEpochMilli(1))) {
            registry.publish("chat", bundle.bytes(), "trainer");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.of(root.resolve("kafka"), 0))) {
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            TopicCreator.createMissing(kafka, Duration.ofSeconds(60));
            for (int i = 0; i < 50; i++) {
                send(kafka, EventFormat.DECISIONS, "r" + i, decision("r" + i));
            }
            send(kafka, EventFormat.OUTCOMES, "r17", outcome("r17"));
            assertEquals(0, explain(broker, "r17"), err::toString);
            String receipt = out.toString();
            assertTrue(receipt.contains("request    r17 (client's id: client-r17)"), receipt);
            assertTrue(receipt.contains("policy     learned, exploring, probability 0.020"), receipt);
            assertTrue(
                    receipt.contains("targets    met\nsession    load\nheld       1234 ms for 10.0.0.2:8000: freed\n"),
                    receipt);
            assertTrue(receipt.contains("-> 10.0.0.1:8000"), receipt);
            // 50 ms a thousand tokens and 11 ms, in the one tree's right leaf.
            assertTrue(receipt.contains("uncached_tokens "), receipt);
            assertTrue(
                    receipt.contains("outcome    completed, status 200 by 10.0.0.1:8000, TTFT 123 ms, TPOT ? ms"),
                    receipt);
            assertEquals(0, explain(broker, "client-r3"), err::toString);
            assertTrue(out.toString().contains("outcome    not known yet"), out.toString());
            assertEquals(1, explain(broker, "unknown"));
            assertTrue(err.toString().contains("no decision on request 'unknown'"), err.toString());
        }
    }

    private int explain(EmbeddedBroker broker, String id) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine presage = Presage.commandLine();
        presage.setOut(new PrintWriter(out, true));
        presage.setErr(new PrintWriter(err, true));
        return presage.execute(
                "models",
                "explain",
                id,
                "--bootstrap-servers=" + broker.bootstrapServers(),
                "--store=" + root.resolve("store"));
    }

    private DecisionEvent decision(String id) {
        return DecisionEvent.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setRequestId(id)
                .setClientRequestId("client-" + id)
                .setRouterId("router-1")
                .setPool("chat")
                .setModel("m")
                .setDecidedAtMs(1_700_000_000_000L)
                .setPolicy("learned")
                .setBundleId(bundle.id().value())
                .setFeatureSchema(FeatureSchema.HASH)
                .setPropensity(0.02)
                .setExplored(true)
                .setTargetStanding("met")
                .setSessionStay("load")
                .setHold(HoldBefore.newBuilder()
                        .setWaitedFor("10.0.0.2:8000")
                        .setEnd("freed")
                        .setMs(1_234))
                .setCandidateCount(20)
                .addCandidates(row("10.0.0.1:8000", 2_000))
                .addCandidates(row("10.0.0.2:8000", 100))
                .build();
    }

    private static CandidateRow row(String endpoint, float uncached) {
        CandidateRow.Builder row = CandidateRow.newBuilder()
                .setEndpoint(endpoint)
                .setEndpointClass("h100")
                .setCost(uncached / 10)
                .addTtftQuantilesMs(uncached / 10)
                .addTtftQuantilesMs(uncached / 5);
        for (Feature feature : Feature.values()) {
            row.addFeatures(feature == Feature.UNCACHED_TOKENS ? uncached : 0);
        }
        return row.build();
    }

    private static OutcomeEvent outcome(String id) {
        return OutcomeEvent.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setRequestId(id)
                .setPool("chat")
                .setHttpStatus(200)
                .setCause(EndCause.COMPLETED)
                .setServedEndpoint("10.0.0.1:8000")
                .setTtftMs(123)
                .setE2EMs(400)
                .build();
    }

    private static <T extends Message> void send(KafkaConnection kafka, EventFormat<T> format, String key, T event)
            throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                kafka.producerProperties("test"), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(format.topic().topicName(), key, format.encode(event)))
                    .get();
        }
    }
}
