package dev.presage.store.console;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleManifest;
import dev.presage.store.bundle.ModelMetrics;
import dev.presage.store.bundle.Verification;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.CanaryReport;
import dev.presage.store.evidence.OffPolicyReport;
import dev.presage.store.evidence.ShadowReport;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.EvidenceKind;
import dev.presage.store.registry.EvidenceReport;
import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything known of one version. */
record ModelPage(Sources sources) {
    private static final int MAX_ANCESTORS = 10;

    /**
     * What the template shows.
     *
     * @param manifest null when the bundle cannot be read, which {@code problem} explains
     */
    record View(
            PoolState pool,
            VersionEntry version,
            List<String> aliases,
            @Nullable BundleManifest manifest,
            String problem,
            boolean signed,
            List<VersionEntry> ancestors,
            @Nullable BundleId lostParent,
            Reports reports) {
        boolean may(LifecycleState next) {
            return version.state().mayBecome(next);
        }

        boolean isKnownAs(Alias alias) {
            return aliases.contains(alias.key());
        }
    }

    /** Attached reports; what is not there is null. {@code lab} is JSON. */
    record Reports(
            @Nullable ShadowReport shadow,
            @Nullable CanaryReport canary,
            @Nullable OffPolicyReport offPolicy,
            @Nullable String lab) {
        boolean none() {
            return shadow == null && canary == null && offPolicy == null && lab == null;
        }
    }

    Reply show(Ask ask) throws IOException {
        PoolState pool = ask.pool(sources.registry());
        BundleId id = Ask.bundle(pool, ask.part("bundle"));
        VersionEntry version = pool.version(id).orElseThrow();
        Optional<Verification> look = sources.bundles().look(id);
        VerifiedBundle bundle = look.orElse(null) instanceof VerifiedBundle good ? good : null;
        List<VersionEntry> ancestors = ancestors(pool, version);
        BundleId last =
                ancestors.isEmpty() ? version.parent() : ancestors.getLast().parent();
        View view = new View(
                pool,
                version,
                Sources.aliases(pool, version),
                bundle == null ? null : bundle.manifest(),
                problem(look),
                bundle != null && bundle.isSigned(),
                ancestors,
                ancestors.size() < MAX_ANCESTORS ? last : null,
                reports(sources, pool.pool(), id));
        return Reply.Shown.of("Model " + Text.shortId(id), "models", pool.pool(), "model", view);
    }

    private static String problem(Optional<Verification> look) {
        return switch (look.orElse(null)) {
            case null -> "its file is gone";
            case VerifiedBundle _ -> "";
            case Verification.Refused(var refusal) -> refusal.message();
        };
    }

    /** As far as the pool still has them. */
    private static List<VersionEntry> ancestors(PoolState pool, VersionEntry version) {
        List<VersionEntry> line = new ArrayList<>();
        BundleId parent = version.parent();
        while (parent != null && line.size() < MAX_ANCESTORS) {
            VersionEntry at = pool.version(parent).orElse(null);
            if (at == null) {
                break;
            }
            line.add(at);
            parent = at.parent();
        }
        return line;
    }

    static Reports reports(Sources sources, String pool, BundleId id) throws IOException {
        return new Reports(
                report(sources, pool, id, EvidenceKind.SHADOW, ShadowReport.class),
                report(sources, pool, id, EvidenceKind.CANARY, CanaryReport.class),
                report(sources, pool, id, EvidenceKind.OFF_POLICY, OffPolicyReport.class),
                sources.registry()
                        .evidence(pool, id, EvidenceKind.LAB)
                        .map(EvidenceReport::json)
                        .orElse(null));
    }

    /** One that an operator attached may have any fields; what cannot be read is not shown. */
    private static <T> @Nullable T report(Sources sources, String pool, BundleId id, EvidenceKind kind, Class<T> type)
            throws IOException {
        EvidenceReport report = sources.registry().evidence(pool, id, kind).orElse(null);
        try {
            return report == null ? null : report.as(type);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The whole and its parts. */
    static List<ModelMetrics.Slice> slices(BundleManifest manifest) {
        ModelMetrics metrics = manifest.card().metrics();
        return Stream.concat(Stream.of(metrics.overall()), metrics.slices().stream())
                .toList();
    }

    /** Coverage of each level over its nominal value. */
    static Chart calibration(BundleManifest manifest) {
        ModelMetrics.Slice all = manifest.card().metrics().overall();
        List<Chart.Series> series = new ArrayList<>();
        for (var target : List.of(all.ttft(), all.tpot())) {
            List<List<Double>> points = new ArrayList<>();
            for (int i = 0; i < target.coverage().size(); i++) {
                points.add(
                        List.of(manifest.quantiles().get(i), target.coverage().get(i)));
            }
            series.add(new Chart.Series(target == all.ttft() ? "TTFT" : "TPOT", points));
        }
        return new Chart("line", "nominal quantile", "share at or below it", List.of(), series, true, false);
    }

    /** Median error per slice, in percent. */
    static Chart errors(BundleManifest manifest) {
        List<ModelMetrics.Slice> slices = slices(manifest);
        return Chart.bars(
                "median error, %",
                slices.stream().map(ModelMetrics.Slice::name).toList(),
                List.of(
                        new Chart.Series(
                                "TTFT",
                                slices.stream()
                                        .map(slice -> error(slice.ttft()))
                                        .toList()),
                        new Chart.Series(
                                "TPOT",
                                slices.stream()
                                        .map(slice -> error(slice.tpot()))
                                        .toList())));
    }

    private static double error(ModelMetrics.Accuracy accuracy) {
        return accuracy.count() == 0 ? 0 : accuracy.medianApe() * 100;
    }
}
