package dev.presage.router.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.pipeline.proto.OutcomeEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {
    /** Counts what the listener is told. */
    private static final class Counts implements EventLogListener {
        private int acked;
        private int spooled;
        private final Map<DropReason, Integer> dropped = new EnumMap<>(DropReason.class);

        @Override
        public void acked() {
            acked++;
        }

        @Override
        public void spooled() {
            spooled++;
        }

        @Override
        public void dropped(DropReason why) {
            dropped.merge(why, 1, Integer::sum);
        }

        private int drops() {
            return dropped.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** A delivery whose Kafka, clock and process are in the test's hands. */
    private static final class Bench {
        private final Path directory;
        private final long maxSpoolBytes;
        private final Counts counts = new Counts();
        private final List<String> received = new ArrayList<>();
        private EventQueue queue = new EventQueue(1000, 1 << 20);
        private @Nullable MockProducer<byte[], byte[]> producer;
        private boolean constructible = true;
        private long now;
        private Spool spool;
        private Delivery delivery;

        Bench(Path directory, long maxSpoolBytes) throws IOException {
            this.directory = directory;
            this.maxSpoolBytes = maxSpoolBytes;
            spool = Spool.open(directory, maxSpoolBytes, 1024);
            delivery = delivery();
        }

        private Delivery delivery() {
            return new Delivery(queue, new EventRecords("r", "p"), spool, this::produce, () -> now, counts, () -> {});
        }

        private Producer<byte[], byte[]> produce() {
            if (!constructible) {
                throw new KafkaException("no broker");
            }
            MockProducer<byte[], byte[]> made =
                    new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                        /** As the real one does: what is not acked by then fails. */
                        @Override
                        public void close(Duration timeout) {
                            super.close(timeout);
                            while (errorNext(new KafkaException("closed"))) {
                                // Each call fails one record.
                            }
                        }
                    };
            producer = made;
            return made;
        }

        /** The process dies and starts again on the same directory. */
        void restart() throws IOException {
            collect();
            spool.close();
            queue = new EventQueue(1000, 1 << 20);
            producer = null;
            spool = Spool.open(directory, maxSpoolBytes, 1024);
            delivery = delivery();
        }

        void offer(String id) {
            OutcomeEvent outcome = OutcomeEvent.newBuilder()
                    .setSchemaVersion(1)
                    .setRequestId(id)
                    .build();
            if (queue.offer(new Event.Ended(outcome)) != EventQueue.Offer.TAKEN) {
                counts.dropped(DropReason.QUEUE_FULL);
            }
        }

        /** The broker answers everything that it was sent: yes, or with the error. */
        void answer(@Nullable RuntimeException error) {
            MockProducer<byte[], byte[]> open = producer;
            if (open == null) {
                return;
            }
            while (error == null ? open.completeNext() : open.errorNext(error)) {
                // Each call answers one record.
            }
            collect();
        }

        private void collect() {
            MockProducer<byte[], byte[]> open = producer;
            if (open != null) {
                open.history().forEach(record -> received.add(new String(record.key(), StandardCharsets.UTF_8)));
                open.clear();
            }
        }

        void turns(int count) {
            for (int i = 0; i < count; i++) {
                delivery.turn();
            }
        }

        void pass(Duration time) {
            now += time.toNanos();
        }

        int onSpool() throws IOException {
            int records = 0;
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".spool")).toList()) {
                    records += SegmentFile.read(file).records().size();
                }
            }
            return records;
        }
    }

    @TempDir
    Path directory;

    @Test
    void withKafkaThereNothingTouchesTheDisk() throws IOException {
        Bench bench = new Bench(directory, 1 << 20);
        bench.turns(1);
        for (int i = 0; i < 10; i++) {
            bench.offer("r" + i);
        }
        bench.turns(1);
        bench.answer(null);
        bench.turns(1);
        assertEquals(10, bench.counts.acked);
        assertEquals(0, bench.counts.spooled);
    }

    @Test
    void anOutageFromTheStartLosesNothingAndKeepsTheOrder() throws IOException {
        Bench bench = new Bench(directory, 1 << 20);
        bench.constructible = false;
        for (int i = 0; i < 100; i++) {
            bench.offer("r" + i);
            bench.turns(1);
        }
        assertEquals(100, bench.counts.spooled);
        bench.constructible = true;
        for (int i = 0; i < 40; i++) {
            bench.pass(Duration.ofSeconds(2));
            bench.turns(2);
            bench.answer(null);
        }
        bench.turns(1);
        assertEquals(100, bench.counts.acked);
        assertEquals(0, bench.onSpool());
        for (int i = 0; i < 100; i++) {
            assertEquals("r" + i, bench.received.get(i));
        }
        bench.offer("later");
        bench.turns(1);
        bench.answer(null);
        bench.turns(1);
        assertEquals(101, bench.counts.acked);
        assertEquals(100, bench.counts.spooled);
    }

    @Test
    void whatTheBrokerFailedToAckIsSpooledAndOnlyThatIsSentAgain() throws IOException {
        Bench bench = new Bench(directory, 1 << 20);
        bench.turns(1);
        bench.offer("a");
        bench.offer("b");
        bench.turns(1);
        assertTrue(bench.producer != null && bench.producer.completeNext());
        bench.answer(new TimeoutException("away"));
        bench.turns(1);
        assertEquals(1, bench.counts.acked);
        assertEquals(1, bench.counts.spooled);
        bench.pass(Duration.ofSeconds(2));
        bench.turns(1);
        bench.answer(null);
        bench.turns(1);
        assertEquals(2, bench.counts.acked);
        assertEquals(List.of("a", "b", "b"), bench.received);
    }

    @Test
    void aRecordThatKafkaNeverTakesIsDroppedAndDoesNotBlockTheRest() throws IOException {
        Bench bench = new Bench(directory, 1 << 20);
        bench.constructible = false;
        bench.offer("big");
        bench.turns(1);
        bench.constructible = true;
        bench.pass(Duration.ofSeconds(2));
        bench.turns(1);
        bench.answer(new RecordTooLargeException("too large"));
        bench.turns(1);
        assertEquals(Map.of(DropReason.REFUSED, 1), bench.counts.dropped);
        assertEquals(0, bench.onSpool());
    }

    @Test
    void pastTheBoundOfTheDiskDropsAreCounted() throws IOException {
        Bench bench = new Bench(directory, 2048);
        bench.constructible = false;
        for (int i = 0; i < 200; i++) {
            bench.offer("r" + i);
            bench.turns(1);
        }
        assertEquals(200, bench.counts.spooled + bench.counts.dropped.getOrDefault(DropReason.SPOOL_FULL, 0));
        assertTrue(bench.counts.spooled > 20);
        assertEquals(bench.counts.spooled, bench.onSpool());
    }

    @Test
    void closingHandsTheRestToTheSpoolWhenKafkaIsAway() throws IOException {
        Bench bench = new Bench(directory, 1 << 20);
        bench.constructible = false;
        bench.turns(1);
        bench.offer("a");
        bench.delivery.finish(Duration.ZERO);
        assertEquals(1, bench.onSpool());
    }

    @Property(tries = 100)
    void everyEventEndsAckedSpooledOrCountedAsDropped(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path own = Files.createTempDirectory("spool");
        try {
            Bench bench = new Bench(own, 8 << 10);
            int offered = 0;
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> bench.constructible = random.nextBoolean();
                    case 1 -> bench.answer(new TimeoutException("away"));
                    case 2, 3 -> bench.answer(null);
                    case 4 -> bench.pass(Duration.ofMillis(random.nextInt(3000)));
                    case 5 -> {
                        if (bench.producer != null) {
                            bench.producer.sendException = random.nextInt(3) == 0 ? new KafkaException("fatal") : null;
                        }
                    }
                    default -> {
                        int burst = random.nextInt(20);
                        for (int i = 0; i < burst; i++) {
                            bench.offer("r" + offered++);
                        }
                    }
                }
                bench.turns(1);
            }
            bench.constructible = true;
            for (int i = 0; i < 100; i++) {
                if (bench.producer != null) {
                    bench.producer.sendException = null;
                }
                bench.pass(Duration.ofSeconds(2));
                bench.turns(2);
                bench.answer(null);
            }
            bench.turns(1);
            assertEquals(0, bench.onSpool(), "seed " + seed);
            assertEquals(offered, bench.counts.acked + bench.counts.drops(), "seed " + seed);
            bench.spool.close();
        } finally {
            delete(own);
        }
    }

    @Property(tries = 50)
    void aCrashLosesOnlyWhatWasInMemory(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path own = Files.createTempDirectory("spool");
        try {
            Bench bench = new Bench(own, 1 << 20);
            bench.constructible = false;
            int count = 1 + random.nextInt(100);
            for (int i = 0; i < count; i++) {
                bench.offer("r" + i);
            }
            bench.turns(1);
            bench.constructible = true;
            bench.pass(Duration.ofSeconds(2));
            bench.turns(random.nextInt(3));
            if (random.nextBoolean()) {
                bench.answer(null);
            }
            bench.restart();
            for (int i = 0; i < 40; i++) {
                bench.pass(Duration.ofSeconds(2));
                bench.turns(2);
                bench.answer(null);
            }
            Map<String, Integer> seen = new HashMap<>();
            bench.received.forEach(id -> seen.merge(id, 1, Integer::sum));
            assertEquals(count, seen.size(), "seed " + seed);
            bench.spool.close();
        } finally {
            delete(own);
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
