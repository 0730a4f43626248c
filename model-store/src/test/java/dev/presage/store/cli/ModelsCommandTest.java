package dev.presage.store.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.cli.Presage;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.SampleBundles;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.PoolState;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelsCommandTest {
    @TempDir
    Path root;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final BundleArchive first = SampleBundles.archive("chat", 1);
    private final BundleArchive second = SampleBundles.archive("chat", 2);

    @BeforeEach
    void importTwo() throws IOException {
        Files.createDirectories(root.resolve("store"));
        for (BundleArchive archive : new BundleArchive[] {first, second}) {
            Files.write(root.resolve(archive.id() + ".zip"), archive.bytes());
            assertEquals(0, run("import", root.resolve(archive.id() + ".zip").toString()), err::toString);
        }
    }

    @Test
    void promotesListsAndRollsBack() {
        assertEquals(0, run("promote", first.id().value(), "--reason", "first"));
        assertEquals(0, run("promote", second.id().value().substring(0, 20), "--reason", "better", "--actor", "ann"));
        assertTrue(out().contains("changed; pool chat is at revision 2"));
        assertEquals(0, run("list"));
        String list = out();
        assertTrue(list.contains("champion    2023-11-14T22:13:20Z        500      4.0 %      4.0 %  champion"), list);
        assertTrue(list.contains("retired"), list);
        assertEquals(0, run("rollback", "--reason", "worse"));
        assertEquals(0, run("list", "--output", "json"));
        PoolState state = StoreJson.read(out().getBytes(StandardCharsets.UTF_8), PoolState.class);
        assertEquals(first.id(), state.aliases().get(Alias.CHAMPION));
    }

    @Test
    void showsVerifiesAndExports() throws IOException {
        run("promote", first.id().value(), "--reason", "first");
        assertEquals(0, run("show"));
        assertTrue(out().contains("trained on  500 samples"));
        assertTrue(out().contains("schema      " + FeatureSchema.HASH), out());
        assertTrue(out().contains("offsets     presage.samples.v1-0 "), out());
        assertTrue(out().contains("trainer     seed 1, {"), out());
        assertTrue(out().lines().anyMatch(line -> line.startsWith("provenance  ")), out());
        assertEquals(0, run("verify", "champion"));
        assertEquals("verified " + first.id() + " (not signed)", out().strip());
        Path file = root.resolve("out.zip");
        assertEquals(0, run("export", "champion", file.toString()));
        assertArrayEquals(first.bytes(), Files.readAllBytes(file));
        assertEquals(1, run("export", "champion", file.toString()));
        assertEquals("presage models: " + file + ": already exists", err().strip());
    }

    @Test
    void comparesTwoVersions() {
        assertEquals(0, run("diff", first.id().value(), second.id().value()));
        assertTrue(out().contains("schema  the same"), out());
        assertTrue(out().contains("offsets presage.samples.v1-0 "), out());
        assertTrue(out().contains("seed: 1 -> 2"), out());
        assertTrue(out().contains("ttft class=h100"), out());
        // 12 ms over 11 ms for an empty row.
        assertTrue(
                out().lines().anyMatch(line -> line.startsWith("ttft 6 golden rows") && line.contains("1.0")), out());
        assertEquals(0, run("diff", first.id().value(), second.id().value(), "--output", "json"));
        assertTrue(out().contains("\"same_schema\" : true"), out());
    }

    @Test
    void aDryRunShowsTheGatesAndChangesNothing() throws IOException {
        Path policies = Files.createDirectories(root.resolve("store/policies"));
        Files.writeString(policies.resolve("chat.yaml"), "shadow_samples: 400");
        assertEquals(0, run("promote", first.id().value(), "--reason", "first", "--dry-run"));
        assertTrue(out().contains("pass  first       the pool has no champion to compare with"), out());
        assertTrue(out().contains("would change"), out());
        assertEquals(1, run("show"));
        assertEquals(0, run("promote", first.id().value(), "--reason", "first"));
        assertEquals(1, run("promote", second.id().value(), "--reason", "x", "--dry-run"));
        assertTrue(out().contains("wait  shadow      0 requests beside the champion, want 400"), out());
        assertEquals(1, run("promote", second.id().value(), "--reason", "x"));
        assertTrue(
                err().startsWith("presage models: gate cool-down waits: champion since 0 s, want 300 s; gate shadow"),
                err());
        assertEquals(0, run("promote", second.id().value(), "--reason", "I know why", "--force"));
        assertEquals(0, run("audit", "--newest", "1"));
        assertTrue(out().contains("I know why") && out().contains("forced=past the gates"), out());
    }

    @Test
    void freezesTagsAndRejects() {
        assertEquals(0, run("tag", first.id().value(), "keep", "night", "--note", "good at night"));
        assertEquals(0, run("tag", first.id().value(), "!night"));
        assertEquals(first.id() + ": tags [keep], note: good at night", out().strip());
        assertEquals(0, run("freeze", "--reason", "incident", "--actor", "ann"));
        assertEquals(1, run("promote", first.id().value(), "--reason", "x"));
        assertTrue(err().contains("is frozen by ann since"), err());
        assertEquals(0, run("freeze", "--off", "--reason", "over"));
        assertEquals(0, run("reject", first.id().value(), "--reason", "broken log"));
        assertEquals(1, run("promote", first.id().value(), "--reason", "x"));
        assertTrue(err().contains("is REJECTED and cannot become CHAMPION"), err());
        assertEquals(0, run("list"));
        assertTrue(out().contains("rejected") && out().contains("keep"), out());
        assertEquals(0, run("audit", "--output", "json"));
        assertTrue(out().contains("\"action\" : \"WITHDRAW\""), out());
    }

    @Test
    void attachesARunOfTheLab() throws IOException {
        Path report = root.resolve("lab.json");
        Files.writeString(report, "{\"policies\": []}");
        assertEquals(0, run("attach", first.id().value(), report.toString(), "--reason", "nightly lab"));
        assertEquals(0, run("audit", "--newest", "1"));
        assertTrue(out().contains("nightly lab") && out().contains("lab="), out());
        Files.writeString(report, "[1]");
        assertEquals(1, run("attach", first.id().value(), report.toString(), "--reason", "x"));
        assertEquals("presage models: " + report + ": a report must be a JSON object", err().strip());
        assertEquals(
                1, run("attach", first.id().value(), root.resolve("none.json").toString(), "--reason", "x"));
        assertTrue(err().strip().endsWith("none.json: no such file"), err());
    }

    @Test
    void refusalsAreOneLineAndExitCodeOne() {
        assertEquals(1, run("show"));
        assertEquals("presage models: pool chat has no champion", err().strip());
        assertEquals(1, run("promote", "sha256-", "--reason", "x"));
        assertEquals("presage models: 'sha256-' names 2 versions of pool chat, must be 1", err().strip());
        assertEquals(1, run("promote", first.id().value(), "--reason", "x", "--expected-revision", "7"));
        assertEquals("presage models: pool chat is at revision 0, not at the expected 7", err().strip());
        assertEquals(2, run("promote", first.id().value()));
        assertEquals(1, run("import", root.resolve("none.zip").toString()));
        assertTrue(err().strip().endsWith("none.zip: no such file"));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine presage = Presage.commandLine();
        presage.setOut(new PrintWriter(out, true));
        presage.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 4];
        all[0] = "models";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--store";
        all[arguments.length + 2] = root.resolve("store").toString();
        all[arguments.length + 3] = "--pool=chat";
        return presage.execute(all);
    }

    private String out() {
        return out.toString();
    }

    private String err() {
        return err.toString();
    }
}
