package dev.presage.router.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path directory;

    @Test
    void whatWasWrittenComesBackInOrderAfterARestart() throws IOException {
        try (Spool spool = Spool.open(directory, 1 << 20, 1024)) {
            for (int i = 0; i < 50; i++) {
                assertTrue(spool.append(record(i)));
            }
            assertTrue(spool.segments() > 2);
        }
        try (Spool spool = Spool.open(directory, 1 << 20, 1024)) {
            assertTrue(spool.append(record(50)));
            List<String> keys = new ArrayList<>();
            for (Path file = spool.oldest(); file != null; file = spool.oldest()) {
                SegmentFile.read(file).records().forEach(record -> keys.add(key(record)));
                spool.removeOldest();
            }
            assertEquals(51, keys.size());
            for (int i = 0; i <= 50; i++) {
                assertEquals("key" + i, keys.get(i));
            }
            assertEquals(0, spool.bytes());
        }
    }

    @Test
    void aCrashInTheMiddleOfAWriteLosesAtMostTheTornFrame() throws IOException {
        Path file;
        try (Spool spool = Spool.open(directory, 1 << 20, 1 << 16)) {
            for (int i = 0; i < 3; i++) {
                assertTrue(spool.append(record(i)));
            }
            file = java.util.Objects.requireNonNull(spool.oldest());
        }
        byte[] whole = Files.readAllBytes(file);
        int frame = whole.length / 3;
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            SegmentFile.Content content = SegmentFile.read(file);
            assertEquals(length / frame, content.records().size(), "cut at " + length);
            assertEquals(length % frame != 0, content.torn(), "cut at " + length);
        }
    }

    @Test
    void aFlippedBitNeverYieldsAWrongRecord() throws IOException {
        LogRecord original = record(7);
        byte[] frame = SegmentFile.frame(original).array();
        Path file = directory.resolve("f");
        for (int bit = 0; bit < frame.length * 8; bit++) {
            byte[] flipped = frame.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            SegmentFile.Content content = SegmentFile.read(file);
            assertTrue(content.torn() && content.records().isEmpty(), "bit " + bit);
        }
        Files.write(file, frame);
        LogRecord back = SegmentFile.read(file).records().getFirst();
        assertEquals(original.kind(), back.kind());
        assertArrayEquals(original.value(), back.value());
    }

    @Test
    void theBoundOnTheDiskHolds() throws IOException {
        try (Spool spool = Spool.open(directory, 2048, 1024)) {
            int taken = 0;
            while (spool.append(record(taken))) {
                taken++;
            }
            assertTrue(taken > 10);
            assertTrue(spool.bytes() <= 2048);
            spool.oldest();
            spool.removeOldest();
            assertTrue(spool.append(record(1)));
        }
    }

    @Test
    void twoRoutersCannotShareIt() throws IOException {
        try (Spool spool = Spool.open(directory, 2048, 1024)) {
            assertThrows(IOException.class, () -> Spool.open(directory, 2048, 1024));
            assertNull(spool.oldest());
            assertFalse(spool.segments() > 0);
        }
    }

    private static String key(LogRecord record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static LogRecord record(int i) {
        return new LogRecord(EventKind.OUTCOME, ("key" + i).getBytes(StandardCharsets.UTF_8), new byte[64]);
    }
}
