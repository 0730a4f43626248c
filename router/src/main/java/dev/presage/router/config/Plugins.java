package dev.presage.router.config;

import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.Plugin;
import dev.presage.router.yaml.YamlNode;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The declared plugins and what was made of them; one that another refers to is made before it. Used once, by one thread. */
final class Plugins {
    private final Map<String, Declaration> declared = new LinkedHashMap<>();
    private final Map<String, Plugin> made = new LinkedHashMap<>();
    private final Set<String> making = new HashSet<>();
    private final List<String> warnings;

    private Plugins(List<String> warnings) {
        this.warnings = warnings;
    }

    /** Reads and makes all; every error names its line. */
    static Plugins read(List<YamlNode> items, boolean allowExperimental, List<String> warnings) {
        Plugins plugins = new Plugins(warnings);
        for (YamlNode item : items) {
            Declaration declaration = Declaration.read(item, allowExperimental);
            if (plugins.declared.put(declaration.name(), declaration) != null) {
                throw item.error("repeats the plugin name '" + declaration.name() + "'");
            }
        }
        plugins.declared.values().forEach(plugins::make);
        return plugins;
    }

    private Plugin make(Declaration declaration) {
        Plugin known = made.get(declaration.name());
        if (known != null) {
            return known;
        }
        if (!making.add(declaration.name())) {
            throw declaration.node().error("'" + declaration.name() + "' refers to itself");
        }
        Parameters parameters = new Parameters(
                declaration.type().name(), declaration.node(), declaration.parameters(), warnings::add, this::referred);
        Plugin plugin = declaration.type().factory().apply(parameters);
        parameters.finish();
        made.put(declaration.name(), plugin);
        return plugin;
    }

    boolean declares(String name) {
        return declared.containsKey(name);
    }

    /** The declaration that a reference names. */
    Declaration declared(YamlNode reference) {
        Declaration declaration =
                declared.get(reference.takes("name of a plugin").text());
        if (declaration == null) {
            throw reference.error("refers to '" + reference.text() + "', which is not among the plugins");
        }
        return declaration;
    }

    /** The plugin that a reference names. */
    Plugin referred(YamlNode reference) {
        return make(declared(reference));
    }

    /** The same, of one kind. */
    <T extends Plugin> T referred(YamlNode reference, Class<T> kind) {
        Plugin plugin = referred(reference);
        if (!kind.isInstance(plugin)) {
            throw reference.error("refers to '" + reference.text() + "', which cannot serve as "
                    + kind.getSimpleName()
                            .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                            .toLowerCase(Locale.ROOT));
        }
        return kind.cast(plugin);
    }

    Collection<Declaration> declarations() {
        return declared.values();
    }

    /** All plugins in the order of their declaration. */
    List<Plugin> all() {
        return declared.keySet().stream().map(made::get).toList();
    }

    /** All of one kind. */
    <T> List<T> all(Class<T> kind) {
        return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The type of each, by identity: equal plugins may be of several types. */
    Map<Plugin, String> types() {
        Map<Plugin, String> types = new IdentityHashMap<>();
        declared.forEach((name, declaration) -> {
            Plugin plugin = made.get(name);
            if (plugin != null) {
                types.put(plugin, declaration.type().name());
            }
        });
        return Collections.unmodifiableMap(types);
    }

    Optional<Declaration> ofType(String type) {
        return declared.values().stream().filter(plugin -> plugin.is(type)).findFirst();
    }
}
