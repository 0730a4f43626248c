package dev.presage.router.plugin;

/**
 * A parameter that a plugin type takes, for the reference.
 *
 * @param form what may be given, with its bounds; empty where the type's description says it
 * @param otherwise the default; empty where there is none
 */
public record Parameter(String name, String form, String otherwise) {}
