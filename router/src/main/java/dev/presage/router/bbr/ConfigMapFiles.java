package dev.presage.router.bbr;

import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Base models from ConfigMaps on disk: mounted ones (a directory with the files {@code baseModel} and {@code adapters}), manifests
 * (YAML files), or a directory of either. Looked at again every few seconds, on a thread of its own; a source that cannot be read
 * keeps what it said last.
 */
public final class ConfigMapFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigMapFiles.class);
    private static final String BASE = "baseModel";
    private static final String ADAPTERS = "adapters";
    /** More than a ConfigMap can be. */
    private static final int MAX_SOURCES = 10_000;

    private final List<Path> roots;
    private final BaseModels bases;
    private final Map<String, String> complaints = new HashMap<>();
    private final ScheduledExecutorService looks;

    private ConfigMapFiles(List<Path> roots, BaseModels bases) {
        this.roots = List.copyOf(roots);
        this.bases = bases;
        this.looks = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("presage-base-models").factory());
    }

    /** Reads once before it returns, then again every {@code period}. */
    public static ConfigMapFiles follow(List<Path> roots, BaseModels bases, Duration period) {
        ConfigMapFiles files = new ConfigMapFiles(roots, bases);
        files.look();
        files.looks.scheduleWithFixedDelay(files::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        return files;
    }

    /** Reads every source once. */
    synchronized void look() {
        Set<String> known = new HashSet<>();
        List<String> away = new ArrayList<>();
        for (Path root : roots) {
            known.add(root.toString());
            try {
                for (Path source : sources(root)) {
                    known.add(source.toString());
                    read(source);
                }
            } catch (IOException | RuntimeException e) {
                away.add(root.toString());
                complain(root, e);
            }
        }
        bases.retain(source -> known.contains(source) || away.stream().anyMatch(source::startsWith));
        complaints.keySet().retainAll(known);
    }

    private static List<Path> sources(Path root) throws IOException {
        if (!Files.isDirectory(root) || Files.exists(root.resolve(BASE))) {
            return List.of(root);
        }
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(child -> !child.getFileName().toString().startsWith("."))
                    .limit(MAX_SOURCES)
                    .sorted()
                    .toList();
        }
    }

    private void read(Path source) {
        try {
            bases.declare(source.toString(), Files.isDirectory(source) ? mounted(source) : manifest(source));
            complaints.remove(source.toString());
        } catch (IOException | RuntimeException e) {
            complain(source, e);
        }
    }

    private void complain(Path source, Exception e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(complaints.put(source.toString(), message))) {
            LOG.warn("base models of {} stay as they are: {}", source, message);
        }
    }

    private static List<BaseModels.Declaration> mounted(Path directory) throws IOException {
        String base = bounded(directory.resolve(BASE)).strip();
        Path adapters = directory.resolve(ADAPTERS);
        String listed = Files.exists(adapters) ? bounded(adapters) : "";
        return List.of(new BaseModels.Declaration(base, names(adapters.toString(), listed)));
    }

    private static List<BaseModels.Declaration> manifest(Path file) throws IOException {
        YamlMapping root = YamlNode.parse(file.toString(), bounded(file)).mapping();
        YamlMapping data = root.optional("data").map(YamlNode::mapping).orElse(root);
        String base = data.required(BASE).text().strip();
        List<String> adapters = new ArrayList<>();
        data.optional(ADAPTERS).ifPresent(node -> adapters.addAll(names(file.toString(), node)));
        return List.of(new BaseModels.Declaration(base, adapters));
    }

    /** A list, or, as in a ConfigMap's data, a text that is one. */
    private static List<String> names(String document, YamlNode node) {
        try {
            return trimmed(node.items());
        } catch (InvalidDocumentException notAList) {
            return names(document, node.text());
        }
    }

    private static List<String> names(String document, String text) {
        return text.isBlank()
                ? List.of()
                : trimmed(YamlNode.parse(document + " " + ADAPTERS, text).items());
    }

    private static List<String> trimmed(List<YamlNode> items) {
        return items.stream()
                .map(YamlNode::text)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static String bounded(Path file) throws IOException {
        if (Files.size(file) > YamlNode.MAX_CHARACTERS) {
            throw new IOException(file + " has more than " + YamlNode.MAX_CHARACTERS + " bytes");
        }
        return Files.readString(file);
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
