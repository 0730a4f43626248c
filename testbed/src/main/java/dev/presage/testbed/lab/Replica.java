package dev.presage.testbed.lab;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.testbed.engine.AdapterLimits;
import dev.presage.testbed.engine.Engine;
import dev.presage.testbed.engine.EngineGauges;
import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.SimRequest;
import dev.presage.testbed.engine.StepResult;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One engine of a lab fleet with its place in virtual time: the step under way and what a scrape last saw. */
final class Replica {
    /** The interval at which endpoint pickers scrape by default. */
    private static final double SCRAPE_MS = 50;

    private final Endpoint endpoint;
    private final Engine engine;
    private @Nullable StepResult step;
    private double scrapedTick = -1;

    private final EngineProfile asBuilt;
    private final int position;
    private final boolean labelled;
    private final String role;

    /** {@code role} is which stage it does, empty for all. */
    Replica(int position, EngineProfile profile, boolean labelled, String role) {
        this.position = position;
        this.role = role;
        this.labelled = labelled;
        asBuilt = profile;
        engine = new Engine(profile);
        endpoint = new Endpoint(id(position), "127.0.0.1", 20_000 + position, labels(profile, labelled, role));
    }

    /** The name that routers know the replica at a place of the fleet by. */
    static String id(int position) {
        return "lab/replica-" + position + "-rank-0";
    }

    private static Map<String, String> labels(EngineProfile profile, boolean labelled, String role) {
        Map<String, String> labels = new HashMap<>();
        if (labelled) {
            labels.put("presage.dev/class", profile.name());
        }
        if (!role.isEmpty()) {
            labels.put("llm-d.ai/role", role);
        }
        return labels;
    }

    /** The same replica just started: nothing in its cache, nothing in flight. */
    Replica restarted() {
        return new Replica(position, asBuilt, labelled, role);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Engine engine() {
        return engine;
    }

    /** The step under way, null when the engine is idle. */
    @Nullable
    StepResult step() {
        return step;
    }

    /** A request comes; an idle engine begins with it at once. */
    void submit(SimRequest request, double nowMs) {
        engine.submit(request, nowMs);
        if (step == null) {
            next(nowMs);
        }
    }

    /** Starts the next step at {@code nowMs}. */
    void next(double nowMs) {
        StepResult started = engine.step(nowMs);
        step = started.durationMs() > 0 ? started : null;
    }

    /** What a scrape at the last tick before {@code nowMs} saw, or null when it was seen already. */
    @Nullable
    EngineSignals scrape(double nowMs) {
        double tick = Math.floor(nowMs / SCRAPE_MS);
        if (tick <= scrapedTick) {
            return null;
        }
        scrapedTick = tick;
        EngineGauges gauges = engine.gauges();
        return new EngineSignals(
                gauges.waiting(),
                gauges.running(),
                gauges.kvUsage(),
                EngineProfile.BLOCK_TOKENS,
                engine.profile().kvBlocks(),
                gauges.runningAdapters(),
                gauges.waitingAdapters(),
                AdapterLimits.DEFAULT.slots(),
                gauges.loadedAdapters(),
                Map.of(),
                Math.round(tick * SCRAPE_MS * 1e6));
    }
}
