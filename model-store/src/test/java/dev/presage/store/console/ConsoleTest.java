package dev.presage.store.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AuditEntry;
import dev.presage.store.service.StoreAccess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console over HTTP: who sees and does what, and what its pages say. */
class ConsoleTest {
    private static final Pattern HIDDEN = Pattern.compile("name=\"(csrf|revision)\" value=\"([^\"]*)\"");

    @TempDir
    Path root;

    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private ConsoleFixture store;

    @BeforeEach
    void start() throws IOException {
        store = ConsoleFixture.open(root, new StoreAccess.LoopbackOnly());
    }

    @AfterEach
    void stop() throws IOException {
        browser.close();
        store.close();
    }

    @Test
    void everyPageOfAStoreWithoutLogAndRoutersIsShown() throws Exception {
        String pool = "/console/pools/chat";
        assertTrue(get("/console").contains("Pool chat"));
        assertTrue(get(pool + "/models").contains("3 versions"));
        String model = get(pool + "/models/challenger");
        assertTrue(model.contains("class=h100") && model.contains("presage.samples.v1 partition 0"), model);
        assertTrue(model.contains("0.885 (0.863 to 0.904)"), "coverage with its interval: " + model);
        assertTrue(model.contains("Shadow: beside the champion") && model.contains("16.0 (11.0 to 21.0) %"), model);
        String compared = get(pool + "/compare?from=champion&to=challenger");
        assertTrue(compared.contains("6 ") || compared.contains("<td>6</td>"), compared);
        assertTrue(compared.contains("0.2") && compared.contains("0.3"), "the learning rates that differ: " + compared);
        assertTrue(get(pool + "/audit").contains("first of its kind"));
        assertTrue(get(pool + "/live").contains("follows no event log"));
        assertTrue(get("/console/decisions").contains("follows no event log"));
        assertTrue(get("/console/objectives").contains("No router was named"));
        assertTrue(get(pool + "/change/promote?alias=champion&bundle=" + store.challenger.id())
                .contains("Confirm"));
        HttpResponse<String> gone = send(request(pool + "/models/nothing").GET());
        assertEquals(404, gone.statusCode());
        assertTrue(gone.body().contains("no version 'nothing'"), gone.body());
        assertEquals(400, send(request(pool + "/models?page=9").GET()).statusCode());
    }

    @Test
    void promotesThroughAConfirmationAndRollsBack() throws Exception {
        String form = get("/console/pools/chat/change/promote?alias=champion&bundle=" + store.challenger.id());
        assertTrue(form.contains("becomes the <strong>champion</strong>"), form);
        assertEquals(
                303,
                post(
                        "promote",
                        form,
                        Map.of(
                                "alias",
                                "champion",
                                "bundle",
                                store.challenger.id().value())));
        assertEquals(store.challenger.id(), champion());
        AuditEntry entry = store.registry.audit("chat", 1).getFirst();
        assertEquals("bob (console)", entry.actor());
        assertEquals("because & why not", entry.reason());
        assertEquals(
                409,
                post(
                        "promote",
                        form,
                        Map.of(
                                "alias",
                                "champion",
                                "bundle",
                                store.previous.id().value())));
        assertEquals(303, post("rollback", get("/console/pools/chat/change/rollback"), Map.of()));
        assertEquals(store.champion.id(), champion());
        assertEquals(303, post("freeze", get("/console/pools/chat/change/freeze"), Map.of()));
        assertTrue(get("/console").contains("Frozen by bob (console)"));
        String shut = get("/console/pools/chat/change/promote?alias=champion&bundle=" + store.previous.id());
        assertTrue(shut.contains("is frozen by bob") && !shut.contains("Confirm"), shut);
    }

    @Test
    void aPolicysGatesAreShownAndPassedOnlyWithForce() throws Exception {
        Files.writeString(
                Files.createDirectories(root.resolve("policies")).resolve("chat.yaml"), "shadow_samples: 5000");
        Map<String, String> move =
                Map.of("alias", "champion", "bundle", store.challenger.id().value());
        String form = get("/console/pools/chat/change/promote?alias=champion&bundle=" + store.challenger.id());
        assertTrue(form.contains("1200 requests beside the champion, want 5000"), form);
        assertEquals(422, post("promote", form, move));
        assertEquals(store.champion.id(), champion());
        assertEquals(
                303,
                post(
                        "promote",
                        form,
                        Map.of(
                                "alias",
                                "champion",
                                "force",
                                "yes",
                                "bundle",
                                store.challenger.id().value())));
        assertEquals(
                "past the gates",
                store.registry.audit("chat", 1).getFirst().evidence().get("forced"));
    }

    @Test
    void formsAreTakenFromTheConsolesOwnPagesOnly() throws Exception {
        String form = get("/console/pools/chat/change/freeze");
        String body = body(form, Map.of());
        String path = "/console/pools/chat/change/freeze";
        assertEquals(
                403,
                send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)))
                        .statusCode(),
                "no origin");
        for (String origin : List.of("http://evil.example", "null", "http://127.0.0.1:1")) {
            assertEquals(403, posted(path, body, origin), origin);
        }
        assertEquals(403, posted(path, body.replaceAll("csrf=[^&]*", "csrf=00"), own()), "another session's token");
        try (HttpClient other = HttpClient.newHttpClient()) {
            HttpRequest.Builder stolen =
                    request(path).header("origin", own()).POST(HttpRequest.BodyPublishers.ofString(body));
            assertEquals(
                    403,
                    other.send(stolen.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode(),
                    "no cookie");
        }
        assertEquals(0, store.registry.pool("chat").frozen() == null ? 0 : 1);
        assertEquals(303, posted(path, body, own()));
    }

    @Test
    void withTokensPeopleLogInAndViewersSeeNoForms() throws Exception {
        store.close();
        store = ConsoleFixture.open(root.resolve("guarded"), ConsoleFixture.tokens());
        HttpResponse<String> first =
                send(request("/console/pools/chat/models/champion?x=1").GET());
        assertEquals(303, first.statusCode());
        assertEquals(
                "/console/login?next=%2Fconsole%2Fpools%2Fchat%2Fmodels%2Fchampion%3Fx%3D1",
                first.headers().firstValue("location").orElse(""));
        assertEquals(403, login("0123456789abcdef-nobody").statusCode());
        HttpResponse<String> login = login(ConsoleFixture.VIEWER);
        assertEquals(303, login.statusCode());
        String cookie = login.headers().firstValue("set-cookie").orElse("");
        assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
        String seen = get("/console/pools/chat/models/challenger");
        assertTrue(seen.contains("carl, viewer") && !seen.contains("/change/"), seen);
        assertEquals(
                403, send(request("/console/pools/chat/change/freeze").GET()).statusCode());
        assertEquals(303, login(ConsoleFixture.OPERATOR).statusCode());
        String form = get("/console/pools/chat/change/freeze");
        assertFalse(form.contains("Your name"), form);
        assertEquals(303, post("freeze", form, Map.of()));
        assertEquals(
                "carl (console)", store.registry.audit("chat", 1).getFirst().actor());
        assertEquals(303, posted("/console/logout", "", own()));
        assertEquals(303, send(request("/console").GET()).statusCode(), "logged out");
    }

    @Test
    void whereTheMachineIsTheBorderOtherNamesOfItAreNoOperators() throws Exception {
        assertTrue(get("/console").contains("/change/freeze"));
        // As after DNS rebinding: the client is on this machine, the page is another site's. The JDK's client does not
        // let a test set Host.
        try (Socket socket = new Socket("127.0.0.1", store.server.base().getPort())) {
            socket.getOutputStream()
                    .write("GET /console HTTP/1.1\r\nHost: evil.example:7070\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(20_000);
            String page = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .takeWhile(line -> !line.equals("</html>"))
                    .collect(Collectors.joining("\n"));
            assertTrue(page.contains("Pool chat") && !page.contains("/change/"), page);
        }
    }

    @Test
    void nothingIsInlineAndNothingComesFromElsewhere() throws Exception {
        HttpResponse<String> page =
                send(request("/console/pools/chat/models/challenger").GET());
        String policy = page.headers().firstValue("content-security-policy").orElse("");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertFalse(page.body().contains("style="), page.body());
        assertFalse(page.body().matches("(?s).*(src|href)=\"(https?:)?//.*"), page.body());
        HttpResponse<String> script = send(request("/console/console.js").GET());
        String etag = script.headers().firstValue("etag").orElse("");
        assertEquals(
                304,
                send(request("/console/console.js")
                                .header("if-none-match", etag)
                                .GET())
                        .statusCode());
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(path).GET());
        assertEquals(200, response.statusCode(), response::body);
        return response.body();
    }

    private int post(String action, String form, Map<String, String> fields) throws IOException, InterruptedException {
        return posted("/console/pools/chat/change/" + action, body(form, fields), own());
    }

    private int posted(String path, String body, String origin) throws IOException, InterruptedException {
        return send(request(path).header("origin", origin).POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static String body(String form, Map<String, String> fields) {
        Matcher hidden = HIDDEN.matcher(form);
        String own = hidden.results()
                .map(field -> field.group(1) + "=" + field.group(2))
                .collect(Collectors.joining("&"));
        String given = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return own + "&name=bob&reason=because+%26+why+not&" + given;
    }

    private HttpResponse<String> login(String token) throws IOException, InterruptedException {
        return send(request("/console/login")
                .header("origin", own())
                .POST(HttpRequest.BodyPublishers.ofString("name=carl&next=/console&token=" + token)));
    }

    private String own() {
        return "http://" + store.server.base().getAuthority();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(store.server.base() + path)).timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private BundleId champion() {
        return Optional.ofNullable(store.registry.pool("chat").aliases().get(Alias.CHAMPION))
                .orElseThrow();
    }
}
