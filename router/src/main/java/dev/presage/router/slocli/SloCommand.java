package dev.presage.router.slocli;

import dev.presage.cli.Subcommand;
import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.SloBook;
import dev.presage.router.slo.SloReading;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code presage slo}: latency objectives as files. Exit code 1 when a document is not valid. */
@Command(
        name = "slo",
        mixinStandardHelpOptions = true,
        description = "Checks latency objectives, makes alert rules of them, exchanges them with OpenSLO.")
public final class SloCommand implements Subcommand {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "give one of validate, rules, export, import");
    }

    @Command(
            name = "validate",
            mixinStandardHelpOptions = true,
            description = "Says everything that is wrong with LatencySLO documents, conflicts between them included.")
    int validate(
            @Parameters(description = "LatencySLO documents") Path file,
            @Option(names = "--pool", defaultValue = "default", description = "the pool that selectors are checked for")
                    String pool) {
        List<LatencySlo> slos = new ArrayList<>();
        if (!read(file, pool, slos)) {
            return 1;
        }
        slos.forEach(slo -> new AlertRules(slo).unreachable().forEach(this::complain));
        out("%d %s valid%n".formatted(slos.size(), slos.size() == 1 ? "SLO is" : "SLOs are"));
        return 0;
    }

    @Command(
            name = "rules",
            mixinStandardHelpOptions = true,
            description = "Prometheus rules: error ratios per window, and alerts that page or make a ticket.")
    int rules(
            @Parameters(description = "LatencySLO documents") Path file,
            @Option(
                            names = "--format",
                            defaultValue = "prometheus",
                            description = "prometheus for a rule file, operator for a PrometheusRule")
                    RuleFormat format) {
        List<LatencySlo> slos = new ArrayList<>();
        if (!read(file, "", slos)) {
            return 1;
        }
        slos.forEach(slo -> new AlertRules(slo).unreachable().forEach(this::complain));
        out(format.render(slos));
        return 0;
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "The objectives as OpenSLO v1 documents, one per target.")
    int export(@Parameters(description = "LatencySLO documents") Path file) {
        List<LatencySlo> slos = new ArrayList<>();
        if (!read(file, "", slos)) {
            return 1;
        }
        out(OpenSloExport.of(slos));
        return 0;
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "LatencySLO documents from OpenSLO v1 documents of latencies.")
    int imported(@Parameters(description = "OpenSLO documents") Path file) {
        OpenSloImport imported = OpenSloImport.of(file.toString(), text(file));
        imported.problems().forEach(this::complain);
        if (!imported.problems().isEmpty()) {
            return 1;
        }
        out(imported.text());
        return 0;
    }

    private String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot read " + file + ": " + e, e);
        }
    }

    /** Returns whether the documents are valid, and do not conflict if a pool is named. */
    private boolean read(Path file, String pool, List<LatencySlo> into) {
        SloReading reading = SloReading.of(file.toString(), text(file));
        into.addAll(reading.slos());
        List<String> problems = new ArrayList<>(reading.problems());
        if (problems.isEmpty() && !pool.isEmpty()) {
            SloBook.conflicts(reading.slos(), pool).forEach(conflict -> problems.add(conflict.message()));
        }
        problems.forEach(this::complain);
        return problems.isEmpty();
    }

    private void out(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    private void complain(String problem) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(problem);
        err.flush();
    }
}
