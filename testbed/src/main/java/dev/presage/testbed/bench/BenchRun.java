package dev.presage.testbed.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Carries a plan out. The servers take turns within each repeat, so that all see the same neighbours. */
final class BenchRun {
    private static final Duration MODEL_PATIENCE = Duration.ofSeconds(30);

    private final BenchPlan plan;
    private final ServerStarter starter;
    private final @Nullable Path against;
    private final LongSupplier nanoClock;
    private final Consumer<String> progress;

    /** @param against another checkout whose router is measured too; null for none */
    BenchRun(
            BenchPlan plan,
            ServerStarter starter,
            @Nullable Path against,
            LongSupplier nanoClock,
            Consumer<String> progress) {
        this.plan = plan;
        this.starter = starter;
        this.against = against;
        this.nanoClock = nanoClock;
        this.progress = progress;
    }

    List<CellResult> run() throws IOException, InterruptedException {
        if (plan.prediction()) {
            progress.accept(
                    "model: " + BenchModel.publish(starter.store(), plan.firstTokenMs(), InstantSource.system()));
        }
        List<CellResult> results = new ArrayList<>();
        for (int count : plan.endpoints()) {
            try (EnginePages engines = new EnginePages(count);
                    Servers servers = new Servers()) {
                servers.add(starter.router(engines));
                if (against != null) {
                    servers.add(starter.routerOf(against, engines));
                }
                if (plan.floor()) {
                    servers.add(starter.floor(engines));
                }
                if (plan.envoy()) {
                    servers.add(starter.alone(engines));
                }
                for (ServerUnderTest server : servers.open) {
                    warm(server);
                }
                try (Retraining _ =
                        new Retraining(starter.store(), plan.firstTokenMs(), plan.retrainEvery(), progress)) {
                    results.addAll(measure(count, List.copyOf(servers.open)));
                }
            }
        }
        return results;
    }

    /** The floor has little code to warm up. */
    private void warm(ServerUnderTest server) throws IOException, InterruptedException {
        progress.accept("warming up " + server.name());
        Duration each = plan.warmup().dividedBy(plan.bodies().size() * (server.isRouter() ? 1L : 2L));
        List<LoadShape> shapes = plan.warmingShapes();
        for (int body : plan.bodies()) {
            for (LoadShape shape : shapes) {
                server.measure(body, shape, each.dividedBy(shapes.size()));
            }
        }
        if (server.isRouter() && plan.prediction()) {
            awaitModel(server);
        }
    }

    /** The model is fetched beside the load; on a busy machine that can take longer than the warm-up. */
    private void awaitModel(ServerUnderTest router) throws IOException, InterruptedException {
        long deadline = nanoClock.getAsLong() + MODEL_PATIENCE.toNanos();
        while (!router.decidedBy().containsKey(CellResult.LEARNED)) {
            if (nanoClock.getAsLong() > deadline) {
                throw new IllegalStateException(
                        "no decision was learned within " + MODEL_PATIENCE + " of the warm-up: " + router.decidedBy());
            }
            router.measure(plan.bodies().getFirst(), plan.warmingShapes().getFirst(), Duration.ofMillis(500));
        }
    }

    private List<CellResult> measure(int endpoints, List<ServerUnderTest> servers)
            throws IOException, InterruptedException {
        Map<Cell, List<Measurement>> measured = new LinkedHashMap<>();
        Map<Cell, Map<String, Long>> decidedBy = new HashMap<>();
        for (int repeat = 1; repeat <= plan.repeats(); repeat++) {
            progress.accept(endpoints + " endpoints, repeat " + repeat + " of " + plan.repeats());
            for (Cell cell : cells(servers)) {
                Map<String, Long> before = cell.server.decidedBy();
                measured.computeIfAbsent(cell, absent -> new ArrayList<>())
                        .add(cell.server.measure(cell.body, cell.shape, plan.window()));
                Map<String, Long> counts = decidedBy.computeIfAbsent(cell, absent -> new HashMap<>());
                DecisionCounters.between(before, cell.server.decidedBy())
                        .forEach((name, count) -> counts.merge(name, count, Long::sum));
            }
        }
        List<CellResult> results = new ArrayList<>();
        measured.forEach((cell, repeats) -> results.add(new CellResult(
                cell.server.name(),
                endpoints,
                cell.body,
                cell.shape,
                repeats,
                decidedBy.getOrDefault(cell, Map.of()))));
        return results;
    }

    private List<Cell> cells(List<ServerUnderTest> servers) {
        List<Cell> cells = new ArrayList<>();
        for (int body : plan.bodies()) {
            for (LoadShape shape : plan.shapes()) {
                servers.forEach(server -> cells.add(new Cell(server, body, shape)));
            }
        }
        return cells;
    }

    private record Cell(ServerUnderTest server, int body, LoadShape shape) {}

    /** Those that run, in the order of the table; closed in reverse. */
    private static final class Servers implements AutoCloseable {
        private final Deque<ServerUnderTest> open = new ArrayDeque<>();

        void add(ServerUnderTest server) {
            open.addLast(server);
        }

        @Override
        public void close() {
            while (!open.isEmpty()) {
                open.removeLast().close();
            }
        }
    }
}
