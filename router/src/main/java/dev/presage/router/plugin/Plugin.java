package dev.presage.router.plugin;

/**
 * One configured plugin, of as many kinds as it implements: {@link Filter}, {@link Scorer}, {@link Picker}, {@link Decider},
 * {@link Admitter}, {@link SaturationDetector}. Shared by all deciding threads. Built once, when the configuration is read.
 */
public interface Plugin {}
