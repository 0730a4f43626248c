package dev.presage.testbed.lab;

import dev.presage.testbed.engine.SimRequest;
import java.util.IdentityHashMap;
import java.util.Map;

/** Prompts that one replica computes for another, which answers when it has received the KV cache. */
final class Handovers {
    /** 320 KiB of KV cache a token over 200 Gb/s, which the router's own estimate of a transfer also takes. */
    private static final double TRANSFER_MS_PER_TOKEN = 0.013;

    private record Prompt(SimRequest whole, Replica answers) {}

    private final VirtualFleet fleet;
    private final Map<SimRequest, Prompt> computing = new IdentityHashMap<>();

    Handovers(VirtualFleet fleet) {
        this.fleet = fleet;
    }

    /** {@code computes} gets the prompt of a request that {@code answers} is to answer. */
    void begin(SimRequest whole, Replica computes, Replica answers, double nowMs) {
        SimRequest prompt = whole.promptOnly();
        computing.put(prompt, new Prompt(whole, answers));
        computes.submit(prompt, nowMs);
    }

    /** Whether this is a prompt that was computed for another; if it is, it goes there. */
    boolean ended(SimRequest request, double nowMs) {
        Prompt prompt = computing.remove(request);
        if (prompt == null) {
            return false;
        }
        double arrivesMs = nowMs + TRANSFER_MS_PER_TOKEN * request.promptTokens();
        fleet.at(arrivesMs, () -> {
            prompt.answers().engine().receive(prompt.whole());
            prompt.answers().submit(prompt.whole(), arrivesMs);
        });
        return true;
    }

    /** Whether this is a prompt that is computed for another. */
    boolean has(SimRequest request) {
        return computing.containsKey(request);
    }
}
