package dev.presage.router.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.pipeline.proto.AliasMoved;
import dev.presage.router.predict.ServingModel;
import dev.presage.store.bundle.BundleArchive;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.TrustPolicy;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.registry.Alias;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AliasCourseTest {
    /** A store in memory that can be away. */
    private static final class FakeStore implements BundleSource {
        private final Map<BundleId, byte[]> bundles = new HashMap<>();
        private Position champion = new Position(0, Optional.empty());
        private boolean away;
        private int fetches;

        @Override
        public boolean isAt(URI location) {
            return "store".equals(location.getHost());
        }

        @Override
        public Position position(String pool, Alias alias) throws IOException {
            if (away) {
                throw new IOException("away");
            }
            return champion;
        }

        @Override
        public Optional<byte[]> archive(BundleId bundle) {
            fetches++;
            return Optional.ofNullable(bundles.get(bundle));
        }

        private void promote(BundleId bundle, byte[] bytes) {
            bundles.put(bundle, bytes);
            champion = new Position(champion.revision() + 1, Optional.of(bundle));
        }
    }

    private final BundleArchive one = Bundles.archive("p", 1);
    private final BundleArchive two = Bundles.archive("p", 2);
    private final FakeStore store = new FakeStore();
    private final List<String> events = new ArrayList<>();
    private @Nullable ServingModel serving;

    @TempDir
    Path directory;

    private ArchiveFetcher fetcher;
    private AliasCourse course;

    @BeforeEach
    void open() {
        fetcher = new ArchiveFetcher();
        course = course(store);
    }

    @AfterEach
    void close() {
        fetcher.close();
    }

    @Test
    void aChampionIsFetchedOnceAndServed() throws Exception {
        store.promote(one.id(), one.bytes());
        course.step();
        course.step();
        assertEquals(List.of("swapped " + one.id()), events);
        assertEquals(1, store.fetches);
        assertEquals(one.id().value(), serving == null ? "" : serving.bundleId());
        assertEquals(
                Instant.ofEpochMilli(Bundles.TRAINED_AT_MS + 1), serving == null ? Instant.MIN : serving.trainedAt());
    }

    @Test
    void aBundleThatFailsLeavesTheOldOneServingAndIsNotTriedAgain() throws Exception {
        store.promote(one.id(), one.bytes());
        course.step();
        byte[] broken = two.bytes().clone();
        broken[broken.length / 2] ^= 1;
        store.promote(two.id(), broken);
        course.step();
        course.step();
        assertEquals(2, events.size());
        assertEquals(
                "refused " + two.id(), events.get(1).substring(0, events.get(1).lastIndexOf(' ')));
        assertEquals(2, store.fetches);
        assertServes(one);
        BundleArchive foreign = Bundles.archive("other", 3);
        store.promote(foreign.id(), foreign.bytes());
        course.step();
        assertEquals("refused " + foreign.id() + " pool-mismatch", events.get(2));
        store.promote(two.id(), one.bytes());
        course.step();
        assertServes(one);
    }

    @Test
    void aRestartServesTheKeptBundleWithEverythingElseDown() throws Exception {
        store.promote(one.id(), one.bytes());
        course.step();
        serving = null;
        store.away = true;
        AliasCourse restarted = course(store);
        assertServes(one);
        restarted.step();
        assertServes(one);
        assertEquals("unreachable", events.getLast());
    }

    @Test
    void aRemovedAliasTakesLearningOutOfService() throws Exception {
        store.promote(one.id(), one.bytes());
        course.step();
        store.champion = new BundleSource.Position(2, Optional.empty());
        course.step();
        assertEquals(null, serving);
        assertEquals("withdrawn", events.getLast());
        course(store);
        assertEquals(null, serving);
    }

    @Test
    void anAnnouncementHoldsWhileTheStoreIsAwayUnlessItIsOlder() throws Exception {
        store.promote(one.id(), one.bytes());
        store.champion = new BundleSource.Position(5, Optional.of(one.id()));
        course.step();
        store.away = true;
        Path file = Files.write(directory.resolve("two.zip"), two.bytes());
        announce(two.id().value(), file.toUri().toString(), 4);
        course.step();
        assertServes(one);
        announce(two.id().value(), file.toUri().toString(), 6);
        course.step();
        assertServes(two);
        announce("", "", 7);
        course.step();
        assertEquals(null, serving);
    }

    @Test
    void whatIsAnnouncedAtTheStoreIsAskedOfTheStoreWhichKnowsTheToken() throws Exception {
        store.bundles.put(one.id(), one.bytes());
        store.away = true;
        announce(one.id().value(), "https://store:7070/v1/bundles/" + one.id(), 1);
        course.step();
        assertServes(one);
        assertEquals(1, store.fetches);
    }

    @Test
    void withoutAStoreTheAnnouncedLocationIsUsed() throws Exception {
        AliasCourse alone = course(null);
        Path file = Files.write(directory.resolve("one.zip"), one.bytes());
        alone.announced(moved(one.id().value(), file.toUri().toString(), 1));
        alone.step();
        assertEquals(null, serving);
        alone.nudge();
        alone.step();
        assertServes(one);
        alone.announced(moved(two.id().value(), "ftp://x/y", 2));
        alone.nudge();
        alone.step();
        assertServes(one);
        assertEquals("unreachable", events.getLast());
    }

    private void assertServes(BundleArchive bundle) {
        assertEquals(bundle.id().value(), serving == null ? "nothing" : serving.bundleId());
    }

    private void announce(String bundle, String location, long revision) {
        course.announced(moved(bundle, location, revision));
        course.nudge();
    }

    private static AliasMoved moved(String bundle, String location, long revision) {
        return AliasMoved.newBuilder()
                .setSchemaVersion(1)
                .setPool("p")
                .setAlias("champion")
                .setBundleId(bundle)
                .setLocation(location)
                .setRevision(revision)
                .build();
    }

    private AliasCourse course(@Nullable BundleSource source) {
        ModelListener listener = new ModelListener() {
            @Override
            public void swapped(VerifiedBundle bundle) {
                events.add("swapped " + bundle.id());
            }

            @Override
            public void refused(String bundleId, String code) {
                events.add("refused " + bundleId + " " + code);
            }

            @Override
            public void unreachable() {
                events.add("unreachable");
            }

            @Override
            public void withdrawn() {
                events.add("withdrawn");
            }
        };
        Incumbent incumbent = new Incumbent(
                "p",
                Alias.CHAMPION,
                new BundleReader(TrustPolicy.anyone()),
                new KeptBundle(directory.resolve("kept"), Alias.CHAMPION),
                model -> serving = model,
                listener);
        incumbent.restore();
        return new AliasCourse("p", Alias.CHAMPION, source, fetcher, incumbent, listener);
    }
}
