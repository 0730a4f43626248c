package dev.presage.testbed.quickstart;

import dev.presage.router.kafka.EventLog;
import dev.presage.router.model.ModelListener;
import dev.presage.router.observe.RoutingListener;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.testbed.gateway.Gateway;
import dev.presage.testbed.gateway.GatewayException;
import dev.presage.testbed.gateway.Gateways;
import dev.presage.testbed.gateway.Lane;
import dev.presage.testbed.load.LoadPlan;
import dev.presage.testbed.load.LoadTarget;
import dev.presage.testbed.load.OpenLoopLoad;
import dev.presage.testbed.page.LivePage;
import dev.presage.testbed.trace.Spread;
import dev.presage.testbed.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run: starts everything, replays the trace against all arms at once, reports, and ends what it started. Used by one
 * thread; interrupting it ends the run early.
 */
final class Quickstart implements AutoCloseable {
    private static final int MAX_IN_FLIGHT = 1_000;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final Duration SAMPLES_LIMIT = Duration.ofSeconds(10);
    private static final long TICK_MS = 500;
    private static final LongSupplier NANO_CLOCK = System::nanoTime;

    private final Experiment experiment;
    private final Display display;
    private final Owned owned = new Owned();
    private final Scoreboard scoreboard = new Scoreboard(NANO_CLOCK);

    /** How the traffic gets in and where the page is. */
    record Doors(@Nullable Path envoy, boolean frontDoor, int pagePort) {}

    Quickstart(Experiment experiment, Display display) {
        this.experiment = experiment;
        this.display = display;
    }

    /** Runs to the end. Everything that it writes is below {@code data}. */
    QuickstartReport run(Path data, Doors doors) throws IOException, GatewayException, InterruptedException {
        display.say("Starting broker, join, model store, trainer, " + Arm.values().length + " routers and "
                + Arm.values().length * experiment.fleet().size() + " replicas");
        LearningSide learning = owned.own(LearningSide.start(data, experiment.seed()));
        Gateway gateway = owned.own(Gateways.open(startArms(learning), doors.envoy(), doors.frontDoor(), false));
        List<LoadTarget> targets = Arrays.stream(Arm.values())
                .map(arm -> new LoadTarget(arm.label(), gateway.baseUrl(arm.label())))
                .toList();
        OpenLoopLoad load =
                owned.own(new OpenLoopLoad(targets, ReplicaSet.MODEL, MAX_IN_FLIGHT, scoreboard, NANO_CLOCK));
        LiveView view = new LiveView(scoreboard, experiment, arm -> load.inFlight(arm.label()));
        LivePage page = owned.own(LivePage.start(doors.pagePort(), view));
        display.say("Traffic goes through " + gateway.description() + ". Live page: " + page.address()
                + " Models and decisions: " + learning.console());
        LoadPlan plan = LoadPlan.replay(
                Spread.evenly(Trace.mooncakeConversation(), new SplittableRandom(experiment.seed())),
                experiment.pace(),
                experiment.length(),
                Integer.MAX_VALUE);
        replay(load, plan, view);
        awaitSamples(learning);
        return QuickstartReport.of(scoreboard, plan.requests(), experiment, gateway.description(), learning.samples());
    }

    private List<Lane> startArms(LearningSide learning) throws IOException {
        List<Lane> lanes = new ArrayList<>();
        for (Arm arm : Arm.values()) {
            ReplicaSet replicas = owned.own(ReplicaSet.start(experiment.fleet(), experiment.speedUp()));
            List<RoutingListener> listeners = new ArrayList<>();
            listeners.add(new ScoreboardListener(scoreboard, arm, experiment.speedUp()));
            if (arm == Arm.LEARNED) {
                EventLog log = owned.own(learning.eventLog());
                listeners.add(log);
            }
            ArmRouter router = owned.own(ArmRouter.start(arm, replicas.endpoints(), listeners, experiment.seed()));
            if (arm == Arm.LEARNED) {
                owned.own(learning.watch(router.picker(), new Swaps()));
            }
            lanes.add(new Lane(arm.label(), router.port()));
        }
        return lanes;
    }

    private void replay(OpenLoopLoad load, LoadPlan plan, LiveView view) throws InterruptedException {
        long total = (long) plan.requests().size() * Arm.values().length;
        display.begin(total);
        scoreboard.started();
        Thread sender = Thread.ofPlatform().name("presage-load").daemon().start(() -> load.run(plan));
        try {
            view.phase("Replaying the Mooncake conversation trace");
            while (sender.isAlive()) {
                sender.join(TICK_MS);
                tick(view, total);
            }
            view.phase("Waiting for the last answers");
            long deadline = NANO_CLOCK.getAsLong() + DRAIN_LIMIT.toNanos();
            while (!load.drain(Duration.ofMillis(TICK_MS)) && NANO_CLOCK.getAsLong() < deadline) {
                tick(view, total);
            }
            tick(view, total);
        } finally {
            load.stop();
        }
        display.close();
    }

    private void tick(LiveView view, long total) {
        view.tick();
        List<ModelSwap> swaps = scoreboard.swaps();
        display.update(new Display.Standing(
                scoreboard.elapsedSeconds(),
                scoreboard.answered(),
                total,
                scoreboard.failed(),
                swaps.size(),
                swaps.isEmpty() ? "" : swaps.getLast().shortId()));
    }

    /** The last samples are still on their way through Kafka when the last answer is in. */
    private void awaitSamples(LearningSide learning) throws InterruptedException {
        long answered = scoreboard.samples(Arm.LEARNED).stream()
                .filter(timed -> timed.sample().ok())
                .count();
        long deadline = NANO_CLOCK.getAsLong() + SAMPLES_LIMIT.toNanos();
        while (learning.samples() < answered && NANO_CLOCK.getAsLong() < deadline) {
            Thread.sleep(TICK_MS);
        }
    }

    @Override
    public void close() {
        display.close();
        owned.close();
    }

    private final class Swaps implements ModelListener {
        @Override
        public void swapped(VerifiedBundle bundle) {
            scoreboard.swapped(bundle.id().value());
        }

        @Override
        public void refused(String bundleId, String code) {
            display.say("Bundle " + bundleId + " was refused: " + code);
        }

        @Override
        public void unreachable() {}

        @Override
        public void withdrawn() {}
    }
}
