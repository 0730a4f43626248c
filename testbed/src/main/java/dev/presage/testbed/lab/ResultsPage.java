package dev.presage.testbed.lab;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The page of results, from the runs that are done. */
record ResultsPage(LabRuns runs, int seeds) {

    String render() {
        StringBuilder page =
                new StringBuilder(String.format(Locale.ROOT, """
                # Lab results

                Written by `./presage lab-results`: simulated engines with measured GPU step times, virtual time, learned policies that learn from
                nothing inside each run, the first quarter not counted (two fifths under stress, which come three times slower). Means over up to
                %d seeds with their 95 %% interval. %d runs took %.0f minutes of one core. Seeds draw ties, explorations and all traces but the conversation's. `learned` is the default, objective
                `fleet-latency`; `learned-own` has the objective `own-latency`. The first three seeds of scenarios marked * were
                looked at while objectives, fall-backs and corrections were chosen, all else was only measured. What is not on the page has not been run.

                ## What must be reached

                | what | measured | seeds | at most | reached |
                | --- | --- | --- | --- | --- |
                """, seeds, runs.count(), runs.seconds() / 60));
        Requirement.all().forEach(requirement -> page.append(requirement.row(runs)));
        page.append("""

                ## Every setting

                TTFT in seconds; "of best" is divided by clairvoyant greedy's, seed by seed; errors (median absolute percentage) and coverage of predicted
                quantiles are of the last 30 % of the requests: how far the share of outcomes is from its level at worst, in
                points, over all, and in any slice of at least 200.
                """);
        Scenarios.ALL.forEach(scenario -> page.append(section(scenario)));
        page.append(slowed());
        page.append("""

                ## What each part adds

                Mean TTFT divided by LMETRIC's, seed by seed, with the part taken away from `learned`. Where this is no higher than the first line, the
                part adds nothing there. `calibration` takes away the slices; it can only change coverage.
                """);
        Scenarios.ABLATED.forEach(scenario -> page.append(ablation(scenario)));
        return page.toString();
    }

    private String section(Scenario scenario) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n### %s%s, %d seeds%n%n| policy | mean TTFT | of best | p50 | p99 | TPOT p50 ms | hit %% | tokens/s | TTFT, TPOT error %%"
                        + " | coverage off, slices |%n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |%n",
                scenario.name(),
                scenario.use() == Scenario.Use.TUNED ? " *" : "",
                seedsOf(scenario)));
        List<PolicyResult> best = runs.of(scenario, "clairvoyant");
        int rows = 0;
        for (String policy : scenario.policies()) {
            List<PolicyResult> results = runs.of(scenario, policy);
            if (!results.isEmpty()) {
                text.append(row(policy, results, best));
                rows++;
            }
        }
        return rows == 0 ? "" : text.toString();
    }

    /** That every policy that was run has. */
    private int seedsOf(Scenario scenario) {
        return scenario.policies().stream()
                .mapToInt(policy -> runs.of(scenario, policy).size())
                .filter(count -> count > 0)
                .min()
                .orElse(0);
    }

    private static String row(String policy, List<PolicyResult> results, List<PolicyResult> best) {
        String ratio = best.isEmpty()
                ? ""
                : Estimate.ratio(results, best, result -> result.ttftMs().mean())
                        .text("%.3f");
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %.3f | %.2f | %.1f | %.1f | %.0f | %s | %s |%n",
                policy,
                Estimate.of(results, result -> result.ttftMs().mean() / 1e3).text("%.3f"),
                ratio,
                Estimate.mean(results, result -> result.ttftMs().p50() / 1e3),
                Estimate.mean(results, result -> result.ttftMs().p99() / 1e3),
                Estimate.mean(results, result -> result.tpotMs().p50()),
                100 * Estimate.mean(results, PolicyResult::prefixHit),
                Estimate.mean(results, PolicyResult::outputTokensPerSecond),
                pair(results, PolicyResult::ttftError, PolicyResult::tpotError),
                pair(results, result -> result.accuracy().overallGap(), result -> result.accuracy()
                        .sliceGap()));
    }

    private String slowed() {
        StringBuilder text = new StringBuilder(
                String.format(
                        "%n### share of picks that the slowed replica gets, in %%%n%n"
                                + "| policy | five minutes before | first 10 s | the minute after those |%n| --- | --- | --- | --- |%n"));
        for (String policy : Scenarios.SLOWED.policies()) {
            List<PolicyResult> results = runs.of(Scenarios.SLOWED, policy);
            if (!results.isEmpty()) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %.1f | %.1f | %.1f |%n",
                        policy,
                        100 * Estimate.mean(results, result -> result.shift().before()),
                        100 * Estimate.mean(results, result -> result.shift().first()),
                        100 * Estimate.mean(results, result -> result.shift().after())));
            }
        }
        return text.toString();
    }

    private String ablation(Scenario scenario) {
        StringBuilder text = new StringBuilder(String.format(
                "%n### %s, %d seeds%n%n| without | mean TTFT to LMETRIC | TTFT, TPOT error %% | coverage off, slices |%n"
                        + "| --- | --- | --- | --- |%n",
                scenario.name(), seedsOf(scenario)));
        List<PolicyResult> lmetric = runs.of(scenario, "lmetric");
        int rows = 0;
        for (String policy : scenario.policies()) {
            List<PolicyResult> results = runs.of(scenario, policy);
            if (!results.isEmpty() && !policy.equals("lmetric")) {
                text.append(String.format(
                        "| %s | %s | %s | %s |%n",
                        taken(policy),
                        Estimate.ratio(results, lmetric, result -> result.ttftMs()
                                        .mean())
                                .text("%.3f"),
                        pair(results, PolicyResult::ttftError, PolicyResult::tpotError),
                        pair(results, result -> result.accuracy().overallGap(), result -> result.accuracy()
                                .sliceGap())));
                rows++;
            }
        }
        return rows == 0 ? "" : text.toString();
    }

    private static String taken(String policy) {
        return switch (policy) {
            case "learned" -> "nothing";
            case "learned-own" -> "the charge for others (`own-latency`)";
            default -> policy.substring(LabPolicy.WITHOUT.length());
        };
    }

    private static String pair(
            List<PolicyResult> results, ToDoubleFunction<PolicyResult> first, ToDoubleFunction<PolicyResult> second) {
        double one = 100 * Estimate.mean(results, first);
        double other = 100 * Estimate.mean(results, second);
        if (Double.isNaN(one)) {
            return "";
        }
        return Double.isNaN(other)
                ? String.format(Locale.ROOT, "%.1f,", one)
                : String.format(Locale.ROOT, "%.1f, %.1f", one, other);
    }
}
