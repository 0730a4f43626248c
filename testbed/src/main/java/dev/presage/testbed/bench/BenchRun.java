package dev.presage.testbed.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Carries a plan out. Router and floor take turns within each repeat, so that both see the same neighbours. */
final class BenchRun {
    private static final LoadShape WARMUP = new LoadShape.Closed(8);
    private static final Duration MODEL_PATIENCE = Duration.ofSeconds(30);

    private final BenchPlan plan;
    private final Path directory;
    private final List<String> jvmFlags;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final Consumer<String> progress;

    BenchRun(
            BenchPlan plan,
            Path directory,
            List<String> jvmFlags,
            LongSupplier nanoClock,
            RandomGenerator random,
            Consumer<String> progress) {
        this.plan = plan;
        this.directory = directory;
        this.jvmFlags = jvmFlags;
        this.nanoClock = nanoClock;
        this.random = random;
        this.progress = progress;
    }

    List<CellResult> run() throws IOException, InterruptedException {
        Path store = directory.resolve("store");
        if (plan.prediction()) {
            progress.accept("model: " + BenchModel.publish(store, InstantSource.system()));
        }
        List<CellResult> results = new ArrayList<>();
        try (ServerUnderTest floor =
                plan.floor() ? ServerUnderTest.floor(directory, plan, jvmFlags, nanoClock, random) : null) {
            if (floor != null) {
                warm(floor);
            }
            for (int count : plan.endpoints()) {
                try (EnginePages engines = new EnginePages(count);
                        ServerUnderTest router =
                                ServerUnderTest.router(directory, store, engines, plan, jvmFlags, nanoClock, random)) {
                    warm(router);
                    awaitModel(router);
                    results.addAll(measure(router, floor));
                }
            }
        }
        return results;
    }

    private void warm(ServerUnderTest server) throws InterruptedException {
        progress.accept("warming up " + server.name());
        for (int body : plan.bodies()) {
            server.measure(body, WARMUP, plan.warmup().dividedBy(plan.bodies().size()));
        }
    }

    /** The model is fetched beside the load; on a busy machine that can take longer than the warm-up. */
    private void awaitModel(ServerUnderTest router) throws IOException, InterruptedException {
        long deadline = nanoClock.getAsLong() + MODEL_PATIENCE.toNanos();
        while (plan.prediction() && !router.decidedBy().containsKey(CellResult.LEARNED)) {
            if (nanoClock.getAsLong() > deadline) {
                throw new IllegalStateException(
                        "no decision was learned within " + MODEL_PATIENCE + " of the warm-up: " + router.decidedBy());
            }
            router.measure(plan.bodies().getFirst(), WARMUP, Duration.ofMillis(500));
        }
    }

    private List<CellResult> measure(ServerUnderTest router, @Nullable ServerUnderTest floor)
            throws IOException, InterruptedException {
        Map<Cell, List<Measurement>> measured = new LinkedHashMap<>();
        Map<Cell, Map<String, Long>> decidedBy = new HashMap<>();
        List<ServerUnderTest> servers = floor == null ? List.of(router) : List.of(router, floor);
        for (int repeat = 1; repeat <= plan.repeats(); repeat++) {
            progress.accept(router.endpoints() + " endpoints, repeat " + repeat + " of " + plan.repeats());
            for (int body : plan.bodies()) {
                for (LoadShape shape : plan.shapes()) {
                    for (ServerUnderTest server : servers) {
                        Cell cell = new Cell(server, body, shape);
                        Map<String, Long> before = server.decidedBy();
                        measured.computeIfAbsent(cell, absent -> new ArrayList<>())
                                .add(server.measure(body, shape, plan.window()));
                        DecisionCounters.between(before, server.decidedBy()).forEach((name, count) -> decidedBy
                                .computeIfAbsent(cell, absent -> new HashMap<>())
                                .merge(name, count, Long::sum));
                    }
                }
            }
        }
        List<CellResult> results = new ArrayList<>();
        measured.forEach((cell, repeats) -> results.add(new CellResult(
                cell.server.name(),
                router.endpoints(),
                cell.body,
                cell.shape,
                repeats,
                decidedBy.getOrDefault(cell, Map.of()))));
        return results;
    }

    private record Cell(ServerUnderTest server, int body, LoadShape shape) {}
}
