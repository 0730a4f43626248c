package dev.presage.router.bbr;

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
    private static final String KIND = "file:";
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
            known.add(name(root));
            try {
                for (Path source : sources(root)) {
                    known.add(name(source));
                    read(source);
                }
            } catch (IOException | RuntimeException e) {
                away.add(name(root));
                complain(root, e);
            }
        }
        bases.retain(KIND, source -> known.contains(source) || away.stream().anyMatch(source::startsWith));
        complaints.keySet().retainAll(known);
    }

    private static String name(Path source) {
        return KIND + source;
    }

    private static List<Path> sources(Path root) throws IOException {
        if (!Files.isDirectory(root) || Files.exists(root.resolve(AdapterLists.BASE))) {
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
            bases.declare(name(source), Files.isDirectory(source) ? mounted(source) : manifest(source));
            complaints.remove(name(source));
        } catch (IOException | RuntimeException e) {
            complain(source, e);
        }
    }

    private void complain(Path source, Exception e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(complaints.put(name(source), message))) {
            LOG.warn("base models of {} stay as they are: {}", source, message);
        }
    }

    private static List<BaseModels.Declaration> mounted(Path directory) throws IOException {
        Path adapters = directory.resolve(AdapterLists.ADAPTERS);
        return List.of(AdapterLists.declaration(
                directory.toString(),
                bounded(directory.resolve(AdapterLists.BASE)),
                Files.exists(adapters) ? bounded(adapters) : ""));
    }

    private static List<BaseModels.Declaration> manifest(Path file) throws IOException {
        return List.of(AdapterLists.manifest(YamlNode.parse(file.toString(), bounded(file))));
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
