package dev.presage.store.registry;

import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The registry's files: {@code bundles/ID.zip}, {@code evidence/SHA256.json}, {@code pools/POOL/state.json}, {@code
 * pools/POOL/audit.jsonl}, {@code tmp/}. Each file but the audit log appears by a rename and whole.
 */
final class StoreDirectory implements Storage {
    private static final String SUFFIX = ".zip";

    private final Path bundles;
    private final Path pools;
    private final Path evidence;
    private final Path temporary;
    private final FileOperations files;

    StoreDirectory(Path root, FileOperations files) throws IOException {
        bundles = root.resolve("bundles");
        pools = root.resolve("pools");
        evidence = root.resolve("evidence");
        temporary = root.resolve("tmp");
        this.files = files;
        for (Path directory : List.of(bundles, pools, evidence, temporary)) {
            files.createDirectories(directory);
        }
    }

    @Override
    public void clean() throws IOException {
        for (Path leftover : list(temporary)) {
            files.delete(leftover);
        }
    }

    @Override
    public List<String> poolNames() throws IOException {
        return list(pools).stream().map(path -> path.getFileName().toString()).toList();
    }

    @Override
    public Optional<PoolRecord> readPool(String pool) throws IOException {
        Path file = pools.resolve(pool).resolve("state.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(StoreJson.read(Files.readAllBytes(file), PoolRecord.class));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    @Override
    public void writePool(PoolRecord pool) throws IOException {
        Path directory = pools.resolve(pool.state().pool());
        files.createDirectories(directory);
        put(directory.resolve("state.json"), StoreJson.write(pool));
    }

    @Override
    public AuditLog audit(String pool) {
        return new AuditFile(pools.resolve(pool).resolve("audit.jsonl"), files);
    }

    @Override
    public List<BundleId> bundleIds() throws IOException {
        return list(bundles).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.matches("sha256-[0-9a-f]{64}\\.zip"))
                .map(name -> BundleId.parse(name.substring(0, name.length() - SUFFIX.length())))
                .toList();
    }

    @Override
    public Optional<byte[]> readBundle(BundleId bundle) throws IOException {
        try (InputStream in = Files.newInputStream(file(bundle))) {
            return Optional.of(in.readNBytes(BundleArchive.MAX_BYTES + 1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void writeBundle(BundleId bundle, byte[] archive) throws IOException {
        put(file(bundle), archive);
    }

    @Override
    public void deleteBundle(BundleId bundle) throws IOException {
        files.delete(file(bundle));
    }

    @Override
    public void writeEvidence(EvidenceReport report) throws IOException {
        put(evidenceFile(report.digest()), report.json().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<EvidenceReport> readEvidence(String digest) throws IOException {
        try {
            return Optional.of(new EvidenceReport(Files.readString(evidenceFile(digest))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(evidenceFile(digest) + " is damaged: " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> evidenceDigests() throws IOException {
        return list(evidence).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.matches("[0-9a-f]{64}\\.json"))
                .map(name -> name.substring(0, 64))
                .toList();
    }

    @Override
    public void deleteEvidence(String digest) throws IOException {
        files.delete(evidenceFile(digest));
    }

    private Path evidenceFile(String digest) {
        return evidence.resolve(digest + ".json");
    }

    private Path file(BundleId bundle) {
        return bundles.resolve(bundle.value() + SUFFIX);
    }

    private void put(Path target, byte[] bytes) throws IOException {
        Path draft = temporary.resolve(target.getFileName() + ".part");
        files.write(draft, bytes);
        files.replace(draft, target);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        }
    }
}
