package dev.presage.store.promotion;

import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.CanaryReport;
import dev.presage.store.evidence.Interval;
import dev.presage.store.evidence.ShadowReport;
import dev.presage.store.predict.Target;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.Freeze;
import dev.presage.store.registry.Gate;
import dev.presage.store.registry.Gate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A policy's gates for a move to canary or champion. Pure. */
final class Gates {
    private final PromotionPolicy policy;
    private final Standing standing;
    private final List<Gate> gates = new ArrayList<>();

    private Gates(PromotionPolicy policy, Standing standing) {
        this.policy = policy;
        this.standing = standing;
    }

    static List<Gate> judge(PromotionPolicy policy, Standing standing) {
        Gates judged = new Gates(policy, standing);
        judged.switches();
        judged.bundle();
        if (standing.pool().bundle(Alias.CHAMPION).isEmpty()) {
            judged.gate("first", Verdict.PASS, "the pool has no champion to compare with");
        } else {
            judged.shadow();
            judged.canary();
        }
        return List.copyOf(judged.gates);
    }

    private void switches() {
        Freeze freeze = standing.pool().frozen();
        if (freeze == null) {
            gate("freeze", Verdict.PASS, "not frozen");
        } else {
            gate("freeze", Verdict.WAIT, "frozen by " + freeze.actor() + ": " + freeze.reason());
        }
        if (standing.alias() == Alias.CHAMPION) {
            Optional<Long> since = standing.championSinceMs();
            long passed = since.map(ms -> (standing.nowMs() - ms) / 1000).orElse(Long.MAX_VALUE);
            gate(
                    "cool-down",
                    passed >= policy.coolDownSeconds() ? Verdict.PASS : Verdict.WAIT,
                    since.isEmpty()
                            ? "the champion never changed"
                            : "champion since %d s, want %d s".formatted(passed, policy.coolDownSeconds()));
        }
    }

    private void bundle() {
        switch (standing.checked()) {
            case VerifiedBundle _ -> gate("integrity", Verdict.PASS, "digests, schema and golden rows hold");
            case Verification.Refused refused ->
                gate("integrity", Verdict.FAIL, refused.refusal().message());
        }
        long bytes = standing.version().bytes();
        gate("size", pass(bytes <= policy.maxBytes()), "%d bytes, at most %d".formatted(bytes, policy.maxBytes()));
        gate(
                "speed",
                pass(standing.rowMicros() <= policy.maxRowMicros()),
                text("%.1f us a candidate, at most %.1f", standing.rowMicros(), policy.maxRowMicros()));
    }

    private void shadow() {
        Optional<ShadowReport.Comparison> overall = standing.shadow().flatMap(report -> report.overall(Target.TTFT));
        long samples = overall.map(ShadowReport.Comparison::samples).orElse(0L);
        gate(
                "shadow",
                samples >= policy.shadowSamples() ? Verdict.PASS : Verdict.WAIT,
                "%d requests beside the champion, want %d".formatted(samples, policy.shadowSamples()));
        if (overall.isEmpty() || samples < policy.shadowSamples()) {
            return;
        }
        better(overall.get());
        slices(standing.shadow().get());
        double off = overall.get().challenger().miscalibration();
        gate(
                "calibrated",
                pass(off <= policy.coverageWithin()),
                text("coverage of TTFT quantiles off by at most %.3f, allowed %.3f", off, policy.coverageWithin()));
    }

    private void better(ShadowReport.Comparison overall) {
        Interval better = overall.better();
        if (better == null) {
            gate("better", Verdict.WAIT, "too few requests to say");
            return;
        }
        boolean outOfPatience = overall.samples() >= (long) PromotionPolicy.PATIENCE * policy.shadowSamples();
        Verdict verdict = better.low() > policy.betterBy()
                ? Verdict.PASS
                : better.high() < policy.betterBy() || outOfPatience ? Verdict.FAIL : Verdict.WAIT;
        gate(
                "better",
                verdict,
                text(
                        "TTFT error %.3f, the champion's %.3f: lower by %.1f %% (%.1f to %.1f), want %.1f %% for sure",
                        overall.challenger().error(),
                        overall.champion().error(),
                        100 * better.estimate(),
                        100 * better.low(),
                        100 * better.high(),
                        100 * policy.betterBy()));
    }

    private void slices(ShadowReport report) {
        List<ShadowReport.Comparison> judged = report.slices().stream()
                .filter(one -> one.target() == Target.TTFT && !one.slice().equals(ShadowReport.ALL))
                .filter(one -> one.samples() >= PromotionPolicy.MIN_SLICE)
                .toList();
        String worse = judged.stream()
                .filter(one -> one.challenger().error() > one.champion().error() * (1 + policy.sliceWorseBy()))
                .filter(one -> !isChance(one.better()))
                .map(one -> text(
                        "%s %.3f against %.3f",
                        one.slice(), one.challenger().error(), one.champion().error()))
                .collect(Collectors.joining(", "));
        gate(
                "slices",
                pass(worse.isEmpty()),
                worse.isEmpty()
                        ? text("none of %d is worse by more than %.0f %%", judged.size(), 100 * policy.sliceWorseBy())
                        : text("worse by more than %.0f %%: %s", 100 * policy.sliceWorseBy(), worse));
    }

    /** Of many slices one is worse by chance soon enough. */
    private static boolean isChance(@Nullable Interval better) {
        return better != null && better.high() >= 0;
    }

    private void canary() {
        if (standing.alias() != Alias.CHAMPION || policy.canarySamples() == 0) {
            return;
        }
        Optional<CanaryReport> report = standing.canary();
        long requests = report.map(CanaryReport::requests).orElse(0L);
        Interval slower = report.map(CanaryReport::slower).orElse(null);
        String text = "%d requests routed, want %d".formatted(requests, policy.canarySamples());
        if (slower == null || requests < policy.canarySamples()) {
            gate("canary", Verdict.WAIT, text);
            return;
        }
        gate(
                "canary",
                pass(slower.low() <= policy.canarySlowerBy()),
                text
                        + text(
                                "; TTFT higher by %.1f %% (%.1f to %.1f), allowed %.1f %%",
                                100 * slower.estimate(),
                                100 * slower.low(),
                                100 * slower.high(),
                                100 * policy.canarySlowerBy()));
    }

    private void gate(String name, Verdict verdict, String text) {
        gates.add(new Gate(name, verdict, text));
    }

    private static Verdict pass(boolean held) {
        return held ? Verdict.PASS : Verdict.FAIL;
    }

    private static String text(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
