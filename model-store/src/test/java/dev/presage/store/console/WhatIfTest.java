package dev.presage.store.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person copies from an objective's page. */
class WhatIfTest {
    @Test
    void theCommandsNameThePoolAndTheTargets() {
        Routers.Objective objective =
                new Routers.Objective("gold", "team's chat", 800.0, null, 0.99, "PT720H", 10, 1, 0, List.of());
        String commands = new ObjectivesPage.OneView(objective, List.of(), List.of()).whatIf();
        assertEquals("""
                presage lab-trace --pool 'team'\\''s chat' --output team-s-chat.jsonl
                presage lab --trace team-s-chat.jsonl --fleet 4*h100-llama-2-70b-hf-tp8 --ttft-target 800""", commands.replace(System.lineSeparator(), "\n"));
    }
}
