package dev.presage.store.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Durable files until the process is stopped. */
final class StoppingFiles implements FileOperations {
    private final FileOperations disk = new DurableFiles();
    private final Stopper stopper;

    StoppingFiles(Stopper stopper) {
        this.stopper = stopper;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        step(() -> disk.createDirectories(directory), () -> {});
    }

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
        step(() -> disk.write(file, bytes), () -> disk.write(file, half(bytes)));
    }

    @Override
    public void append(Path file, byte[] bytes) throws IOException {
        step(() -> disk.append(file, bytes), () -> disk.append(file, half(bytes)));
    }

    @Override
    public void truncate(Path file, long length) throws IOException {
        step(() -> disk.truncate(file, length), () -> {});
    }

    @Override
    public void replace(Path from, Path to) throws IOException {
        step(() -> disk.replace(from, to), () -> {});
    }

    @Override
    public void delete(Path file) throws IOException {
        step(() -> disk.delete(file), () -> {});
    }

    private void step(Action whole, Action half) throws IOException {
        stopper.step(
                () -> {
                    whole.run();
                    return true;
                },
                () -> {
                    half.run();
                    return false;
                });
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private interface Action {
        void run() throws IOException;
    }
}
