package dev.presage.store.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.broker.BrokerSettings;
import dev.presage.pipeline.broker.EmbeddedBroker;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.pipeline.topics.KafkaConnection;
import dev.presage.pipeline.topics.TopicCreator;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.Alias;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The console in a real Chromium: with the mouse, with the keyboard alone, in both colour schemes, over a real event log. */
class ConsoleIT {
    private static final Path PICTURES = Path.of("target", "console");
    private static final int REQUESTS = 240;

    @TempDir
    Path root;

    private EmbeddedBroker broker;
    private RouterStub router;
    private ConsoleFixture store;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(BrokerSettings.of(root.resolve("kafka"), 0));
        KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
        TopicCreator.createMissing(kafka, Duration.ofSeconds(60));
        router = new RouterStub("sha256-0123456789abcdef");
        RecentRequests requests = RecentRequests.follow(kafka);
        store = ConsoleFixture.open(
                root.resolve("store"),
                ConsoleFixture.tokens(),
                requests,
                new Routers(List.of(router.base(), URI.create("http://127.0.0.1:1")), Optional.empty()));
        send(kafka, store.champion.id());
        long end = System.nanoTime() + 60_000_000_000L;
        while (requests.newest(REQUESTS, entry -> entry.outcome() != null).size() < REQUESTS - 1) {
            assertTrue(System.nanoTime() < end, "the requests never came out of the log");
            LockSupport.parkNanos(10_000_000);
        }
        browser = new Browser(root.resolve("profile"), store.server.base());
    }

    private static void send(KafkaConnection kafka, BundleId bundle) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                kafka.producerProperties("test"), new StringSerializer(), new ByteArraySerializer())) {
            ConsoleFixture.traffic(
                    REQUESTS,
                    bundle,
                    System.currentTimeMillis(),
                    decision -> producer.send(new ProducerRecord<>(
                            EventFormat.DECISIONS.topic().topicName(),
                            decision.getRequestId(),
                            EventFormat.DECISIONS.encode(decision))),
                    outcome -> producer.send(new ProducerRecord<>(
                            EventFormat.OUTCOMES.topic().topicName(),
                            outcome.getRequestId(),
                            EventFormat.OUTCOMES.encode(outcome))));
        }
    }

    @AfterEach
    void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
        store.close();
        router.close();
        broker.close();
    }

    @Test
    void aModelIsInspectedPromotedAndTakenBackAndADecisionExplained() throws Exception {
        login();
        browser.shows("ann, operator");
        browser.click(Text.shortId(store.challenger.id()));
        browser.shows("Shadow: beside the champion");
        browser.click("Compare with the champion");
        browser.shows("Predictions on the same rows");
        browser.open("/console/pools/chat/models/challenger");
        browser.click("Promote to champion");
        browser.shows("Median error, each on its own data");
        browser.click("Promote to champion");
        assertEquals("/console/pools/chat/change/promote", browser.path(), "a reason is required");
        browser.type("reason", "16 % lower error in shadow");
        browser.click("Promote to champion");
        browser.shows("Done: promoted");
        assertEquals(store.challenger.id(), champion());
        browser.click("Audit log");
        browser.shows("16 % lower error in shadow");
        browser.shows("ann (console)");
        browser.click("Overview");
        browser.click("Roll back");
        browser.type("reason", "p99 doubled");
        browser.click("Roll back");
        browser.shows("Done: rolled back");
        assertEquals(store.champion.id(), champion());

        browser.click("Decisions");
        browser.type("fallback", "out-of-support");
        browser.type("id", "client-req-39");
        browser.click("Search");
        browser.click("req-39");
        browser.shows("lmetric because of out-of-support");
        browser.open("/console/decisions/req-40");
        browser.shows("uncached_tokens:");
        browser.shows("1,234 ms for 10.0.0.2:8000: freed");
        browser.shows("completed, status 200 by 10.0.0.1:8000");
        browser.open("/console/decisions?id=long-ago");
        browser.click("Search the whole event log for long-ago");
        browser.shows("no decision on it");
        browser.open("/console/pools/chat/live");
        browser.until("document.querySelector('[data-figure=decisions]').textContent === '" + REQUESTS + "'");
    }

    @Test
    void theKeyboardAloneIsEnough() throws Exception {
        browser.open("/console");
        browser.tabTo("name");
        browser.press("ann");
        browser.tabTo("token");
        browser.press(ConsoleFixture.OPERATOR + Keys.ENTER);
        browser.shows("ann, operator");
        browser.tabTo("Skip to the content");
        browser.press(Keys.ENTER);
        browser.tabTo("Freeze");
        browser.press(Keys.ENTER);
        browser.shows("What will happen");
        browser.tabTo("reason");
        browser.press("incident 12");
        browser.tabTo("Freeze");
        browser.press(Keys.ENTER);
        browser.shows("Frozen by ann (console)");
        assertTrue(store.registry.pool("chat").frozen() != null);
    }

    @Test
    void everyPageIsAccessibleInBothColourSchemesAndAsksNobodyElse() throws Exception {
        Map<String, String> pages = pages();
        browser.open("/console/login");
        look("login", "/console/login");
        login();
        for (Map.Entry<String, String> page : pages.entrySet()) {
            look(page.getKey(), page.getValue());
        }
        browser.assertQuiet();
        assertFalse(browser.has("canvas:not([role])"));
    }

    private Map<String, String> pages() {
        String pool = "/console/pools/chat";
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("overview", "/console");
        pages.put("models", pool + "/models");
        pages.put("model", pool + "/models/challenger");
        pages.put("compare", pool + "/compare?from=champion&to=challenger");
        pages.put("promote", pool + "/change/promote?alias=champion&bundle=" + store.challenger.id());
        pages.put("rollback", pool + "/change/rollback");
        pages.put("annotate", pool + "/change/annotate?bundle=" + store.challenger.id());
        pages.put("live", pool + "/live");
        pages.put("audit", pool + "/audit");
        pages.put("decisions", "/console/decisions");
        pages.put("receipt", "/console/decisions/req-40");
        pages.put("objectives", "/console/objectives");
        pages.put("objective", "/console/objectives/chat/batch");
        return pages;
    }

    private void look(String name, String path) throws IOException {
        for (String scheme : List.of("light", "dark")) {
            browser.scheme(scheme);
            browser.open(path);
            browser.until("document.readyState === 'complete'");
            assertEquals(List.of(), browser.barriers(), name + " in " + scheme);
            browser.picture(PICTURES.resolve(name + "-" + scheme + ".png"));
        }
    }

    private void login() {
        browser.open("/console");
        browser.type("name", "ann");
        browser.type("token", ConsoleFixture.OPERATOR);
        browser.click("Log in");
        browser.shows("ann, operator");
    }

    private BundleId champion() {
        return Optional.ofNullable(store.registry.pool("chat").aliases().get(Alias.CHAMPION))
                .orElseThrow();
    }
}
