package dev.presage.router.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Events on disk, oldest first, in append-only files. A file is deleted only when everything in it is acked, so a crash repeats
 * events rather than losing them; a crash in the middle of a write loses the frame being written. What is written survives the
 * process; it is not forced to the platter, so a power failure may lose the last seconds. Bounded by {@code maxBytes}. One
 * process (a lock file says so), one thread.
 */
final class Spool implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("events-([0-9]{19})\\.spool");

    private final Path directory;
    private final long maxBytes;
    private final int segmentBytes;
    private final FileChannel lock;
    private final Deque<Path> sealed = new ArrayDeque<>();
    private long nextSequence;
    private volatile long bytes;
    private @Nullable FileChannel active;
    private @Nullable Path activeFile;
    private long activeBytes;

    private Spool(Path directory, long maxBytes, int segmentBytes, FileChannel lock) {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.segmentBytes = segmentBytes;
        this.lock = lock;
    }

    /** Opens the directory, with what an earlier run left there. */
    static Spool open(Path directory, long maxBytes, int segmentBytes) throws IOException {
        Files.createDirectories(directory);
        FileChannel lock =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException("spool " + directory + " is in use by another process");
            }
            Spool spool = new Spool(directory, maxBytes, segmentBytes, lock);
            spool.recover();
            return spool;
        } catch (OverlappingFileLockException e) {
            lock.close();
            throw new IOException("spool " + directory + " is in use by this process", e);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private void recover() throws IOException {
        List<Path> files;
        try (Stream<Path> listing = Files.list(directory)) {
            files = listing.filter(file -> NAME.matcher(name(file)).matches())
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            bytes += Files.size(file);
            sealed.addLast(file);
            var matcher = NAME.matcher(name(file));
            if (matcher.matches()) {
                nextSequence = Long.parseLong(matcher.group(1)) + 1;
            }
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Writes a record; false when the bound is reached. On an I/O error the spool is as before. */
    boolean append(LogRecord record) throws IOException {
        ByteBuffer frame = SegmentFile.frame(record);
        int length = frame.remaining();
        if (bytes + length > maxBytes) {
            return false;
        }
        if (activeBytes + length > segmentBytes) {
            seal();
        }
        FileChannel channel = active == null ? begin() : active;
        try {
            while (frame.hasRemaining()) {
                channel.write(frame);
            }
        } catch (IOException e) {
            cut(channel);
            throw e;
        }
        activeBytes += length;
        bytes += length;
        return true;
    }

    private FileChannel begin() throws IOException {
        Path file = directory.resolve(String.format(Locale.ROOT, "events-%019d.spool", nextSequence));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        nextSequence++;
        activeFile = file;
        active = channel;
        activeBytes = 0;
        return channel;
    }

    /** Takes back a half-written frame; where even that fails, the reader will find it torn. */
    private void cut(FileChannel channel) {
        try {
            channel.truncate(activeBytes);
        } catch (IOException e) {
            seal();
        }
    }

    private void seal() {
        FileChannel channel = active;
        Path file = activeFile;
        active = null;
        activeFile = null;
        activeBytes = 0;
        if (channel != null && file != null) {
            sealed.addLast(file);
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing is buffered here: what was written stays readable.
                return;
            }
        }
    }

    /** Bytes on disk; from any thread. */
    long bytes() {
        return bytes;
    }

    /** Files that hold events. */
    int segments() {
        return sealed.size() + (activeBytes > 0 ? 1 : 0);
    }

    /** The oldest file; nothing is written to it any more. Null when there is none. */
    @Nullable
    Path oldest() {
        if (sealed.isEmpty() && activeBytes > 0) {
            seal();
        }
        return sealed.peekFirst();
    }

    /** Everything in the oldest file is done with. */
    void removeOldest() throws IOException {
        Path file = sealed.pollFirst();
        if (file != null) {
            bytes -= Files.size(file);
            Files.delete(file);
        }
    }

    @Override
    public void close() throws IOException {
        seal();
        lock.close();
    }
}
