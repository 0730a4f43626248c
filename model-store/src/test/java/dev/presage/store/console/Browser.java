package dev.presage.store.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium. Where it is not installed the test is skipped, unless PRESAGE_CHROMEDRIVER says where it is. */
final class Browser implements AutoCloseable {
    private static final String DRIVER = System.getenv().getOrDefault("PRESAGE_CHROMEDRIVER", "/usr/bin/chromedriver");
    private static final int MAX_TABS = 80;
    private static final List<String> QUIET = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--force-prefers-reduced-motion",
            "--window-size=1280,900");

    private final ChromeDriver chrome;
    private final URI base;
    private final List<String> asked = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    Browser(Path profile, URI base) {
        assumeTrue(
                System.getenv("PRESAGE_CHROMEDRIVER") != null || Files.isExecutable(Path.of(DRIVER)),
                "no Chromium with a driver");
        this.base = base;
        ChromeOptions options = new ChromeOptions();
        options.setBinary(System.getenv().getOrDefault("PRESAGE_CHROMIUM", "/usr/bin/chromium"));
        options.addArguments(QUIET);
        options.addArguments("--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        chrome = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(Path.of(DRIVER).toFile())
                        .build(),
                options);
        chrome.manage().timeouts().implicitlyWait(Duration.ofSeconds(10));
    }

    void open(String path) {
        chrome.get(base + path);
    }

    void scheme(String name) {
        chrome.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
    }

    /** Clicks the first link or button with this text. */
    void click(String text) {
        chrome.findElement(By.xpath("//*[self::a or self::button][normalize-space()='" + text + "']"))
                .click();
    }

    void type(String id, String text) {
        WebElement field = chrome.findElement(By.id(id));
        field.clear();
        field.sendKeys(text);
    }

    String text() {
        return String.valueOf(chrome.findElement(By.tagName("body")).getText());
    }

    String path() {
        return URI.create(Objects.requireNonNull(chrome.getCurrentUrl())).getPath();
    }

    boolean has(String css) {
        return !chrome.findElements(By.cssSelector(css)).isEmpty();
    }

    /** Waits for something that a script does; a page's own content is there when it is opened. */
    void until(String condition) {
        Object held = chrome.executeAsyncScript("const done = arguments[0]; const end = Date.now() + 20000;"
                + "const look = () => (" + condition
                + ") ? done(true) : Date.now() > end ? done(false) : setTimeout(look, 50);"
                + "look();");
        assertEquals(true, held, condition);
    }

    /** Presses Tab until the focus is on what has this text or id, and says so if it cannot be seen there. */
    void tabTo(String wanted) {
        for (int i = 0; i < MAX_TABS; i++) {
            chrome.switchTo().activeElement().sendKeys(Keys.TAB);
            WebElement focused = chrome.switchTo().activeElement();
            if (wanted.equals(focused.getText()) || wanted.equals(focused.getDomAttribute("id"))) {
                assertTrue(
                        !"none".equals(focused.getCssValue("outline-style")),
                        "the focus on " + wanted + " is not seen");
                return;
            }
        }
        throw new AssertionError("Tab never gets to '" + wanted + "' on " + path());
    }

    void press(CharSequence keys) {
        chrome.switchTo().activeElement().sendKeys(keys);
    }

    /** Violations of axe-core's rules that it calls serious or critical. */
    @SuppressWarnings("unchecked")
    List<String> barriers() throws IOException {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            chrome.executeScript(new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<String>) Objects.requireNonNull(chrome.executeAsyncScript("""
                const done = arguments[0];
                axe.run(document).then(result => done(result.violations
                    .filter(one => ['serious', 'critical'].includes(one.impact))
                    .map(one => one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join('; '))));
                """));
    }

    /** The whole page, however long. */
    void picture(Path file) throws IOException {
        chrome.executeScript("window.scrollTo(0, 0)");
        Number height =
                (Number) Objects.requireNonNull(chrome.executeScript("return document.documentElement.scrollHeight"));
        chrome.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        1280,
                        "height",
                        Math.max(600, height.intValue()),
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        false));
        Files.createDirectories(file.getParent());
        Files.write(file, chrome.getScreenshotAs(OutputType.BYTES));
        chrome.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    /** Fails when a page complained, or asked anybody but the store. */
    void assertQuiet() {
        for (LogEntry entry : chrome.manage().logs().get(LogType.BROWSER)) {
            complaints.add(entry.getLevel() + " " + entry.getMessage());
        }
        for (LogEntry entry : chrome.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = StoreJson.read(entry.getMessage().getBytes(StandardCharsets.UTF_8), JsonNode.class)
                    .path("message");
            if (message.path("method").asText().equals("Network.requestWillBeSent")) {
                asked.add(message.path("params").path("request").path("url").asText());
            }
        }
        assertTrue(complaints.isEmpty(), () -> "the console of the browser says " + complaints);
        assertTrue(!asked.isEmpty(), "nothing was asked for: the log is not what it was");
        List<String> elsewhere = asked.stream()
                .filter(url ->
                        !url.startsWith(base.toString()) && !url.startsWith("data:") && !url.startsWith("chrome:"))
                .toList();
        assertTrue(elsewhere.isEmpty(), () -> "pages asked " + elsewhere);
    }

    @Override
    public void close() {
        chrome.quit();
    }
}
