package dev.presage.store.registry;

/** Since when, by whom and why a pool's aliases may not move. */
public record Freeze(long sinceMs, String actor, String reason) {}
