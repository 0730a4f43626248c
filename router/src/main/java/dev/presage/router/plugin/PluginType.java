package dev.presage.router.plugin;

import java.util.function.Function;

/**
 * A plugin type that a configuration may name.
 *
 * @param alpha only where experimental plugins are allowed
 * @param factory makes one from its parameters, taking each by name; what it does not take is an error
 */
public record PluginType(String name, boolean alpha, Function<Parameters, Plugin> factory) {
    /** Of a plugin that only its mention counts of. */
    private static final Plugin MENTIONED = new Plugin() {};

    public static PluginType of(String name, Function<Parameters, Plugin> factory) {
        return new PluginType(name, false, factory);
    }

    public static PluginType alpha(String name, Function<Parameters, Plugin> factory) {
        return new PluginType(name, true, factory);
    }

    /** One that the router has built in, or whose parameters others read. */
    public static PluginType builtIn(String name, String... parameters) {
        return of(name, given -> {
            given.left(parameters);
            return MENTIONED;
        });
    }

    /** One that is replaced by what {@code effect} says; {@code *} stands for any parameters. */
    public static PluginType mapped(String name, String effect, String... parameters) {
        return of(name, given -> {
            given.warn(effect);
            given.taken(parameters);
            return MENTIONED;
        });
    }

    /** The same, experimental. */
    public PluginType experimental() {
        return new PluginType(name, true, factory);
    }
}
