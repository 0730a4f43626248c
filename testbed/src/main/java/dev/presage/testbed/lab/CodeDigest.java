package dev.presage.testbed.lab;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Which code a run was made by: a digest of every file on the class path, so that two builds of the same sources have the same. */
final class CodeDigest {
    private CodeDigest() {}

    /** Of this process. */
    static String here() throws IOException {
        return of(System.getProperty("java.class.path"));
    }

    /** Of what is on {@code classPath}, in its order; an entry that is not there counts as nothing, as it does to the class loader. */
    static String of(String classPath) throws IOException {
        MessageDigest digest = sha256();
        try (OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (String entry : classPath.split(File.pathSeparator, -1)) {
                Path root = Path.of(entry);
                for (Path file : files(root)) {
                    String name = root.relativize(file) + "\n" + Files.size(file) + "\n";
                    sink.write(name.getBytes(StandardCharsets.UTF_8));
                    Files.copy(file, sink);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static List<Path> files(Path root) throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
