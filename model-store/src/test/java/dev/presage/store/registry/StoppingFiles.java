package dev.presage.store.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Durable files until a given operation, at which the "process" dies: before it, half-way through its bytes, or right after it. */
final class StoppingFiles implements FileOperations {
    enum Moment {
        BEFORE,
        HALF_WAY,
        AFTER
    }

    /** The process is gone; nothing catches it. */
    static final class Killed extends Error {}

    private final FileOperations disk = new DurableFiles();
    private final int stopAt;
    private final Moment moment;
    private int operations;

    StoppingFiles(int stopAt, Moment moment) {
        this.stopAt = stopAt;
        this.moment = moment;
    }

    int operations() {
        return operations;
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
        if (operations++ != stopAt) {
            whole.run();
            return;
        }
        switch (moment) {
            case BEFORE -> {}
            case HALF_WAY -> half.run();
            case AFTER -> whole.run();
        }
        throw new Killed();
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private interface Action {
        void run() throws IOException;
    }
}
