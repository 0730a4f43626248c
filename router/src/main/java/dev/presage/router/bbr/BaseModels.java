package dev.presage.router.bbr;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which base model an adapter belongs to, gathered from declarations by source (a file, a ConfigMap). Written by whoever watches the
 * sources, read on the path of requests; thread-safe. Bounded by what the sources may hold.
 */
public final class BaseModels {
    /**
     * A base model and some of its adapters; several sources may declare the same base.
     *
     * @param base not blank
     */
    public record Declaration(String base, List<String> adapters) {
        public Declaration {
            if (base.isBlank()) {
                throw new IllegalArgumentException("baseModel must not be blank");
            }
            adapters = List.copyOf(adapters);
        }
    }

    private final Map<String, List<Declaration>> sources = new TreeMap<>();
    private volatile Map<String, String> bases = Map.of();

    /** The source says exactly this from now on; nothing removes it. Where two sources disagree, the later name wins. */
    public synchronized void declare(String source, List<Declaration> declarations) {
        if (declarations.isEmpty()) {
            sources.remove(source);
        } else {
            sources.put(source, List.copyOf(declarations));
        }
        publish();
    }

    /** Of the sources whose name begins with {@code kind} only those that pass remain. */
    public synchronized void retain(String kind, Predicate<String> remains) {
        if (sources.keySet().removeIf(source -> source.startsWith(kind) && !remains.test(source))) {
            publish();
        }
    }

    private void publish() {
        Map<String, String> next = new HashMap<>();
        for (List<Declaration> declared : sources.values()) {
            for (Declaration declaration : declared) {
                next.put(declaration.base(), declaration.base());
            }
        }
        for (List<Declaration> declared : sources.values()) {
            for (Declaration declaration : declared) {
                declaration.adapters().forEach(adapter -> next.put(adapter, declaration.base()));
            }
        }
        bases = Map.copyOf(next);
    }

    /** The base of an adapter, a base itself, and empty for a name that nobody declared. */
    public String of(String model) {
        return bases.getOrDefault(model.strip(), "");
    }
}
