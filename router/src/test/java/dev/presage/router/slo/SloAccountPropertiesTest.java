package dev.presage.router.slo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.slo.Judgement.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The books against a model that keeps every request. */
class SloAccountPropertiesTest {
    private static final long START = Instant.parse("2026-11-20T23:58:30Z").toEpochMilli();

    private record Entry(long atMs, Judgement judgement) {}

    @Property(tries = 60)
    void everyWindowHoldsWhatANaiveModelHolds(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int requests, @ForAll boolean percentile) {
        Random random = new Random(seed);
        LatencySlo slo = slo(percentile, random);
        SloAccount account = new SloAccount(slo, Instant.ofEpochMilli(START));
        List<Entry> entries = new ArrayList<>();
        long now = START;
        // From a request every few seconds to one every few hours.
        double spread = Math.pow(10, 3 + 4 * random.nextDouble());
        for (int i = 0; i < requests; i++) {
            now += (long) (spread * random.nextDouble() * random.nextDouble());
            Judgement judgement = new Judgement(verdict(random), verdict(random));
            account.add(judgement, 0, now);
            entries.add(new Entry(now, judgement));
        }
        now += (long) (spread * random.nextDouble());
        SloStanding standing = account.standing(slo, now);
        for (BurnWindow window : BurnWindow.values()) {
            long bucket = bucket(window);
            SloCount wanted =
                    naive(entries, slo, from(now, bucket, window.length().toMillis()));
            assertEquals(wanted, standing.burn(window).count(), window.label());
            assertEquals(wanted.badShare() / slo.budget(), standing.burn(window).rate(), 1e-9);
        }
        long budgetBucket = Math.ceilDiv(slo.window().toMillis(), 144 * 60_000) * 60_000;
        SloCount wanted = naive(
                entries,
                slo,
                from(now, budgetBucket, Math.ceilDiv(slo.window().toMillis(), budgetBucket) * budgetBucket));
        assertEquals(wanted, standing.window());
        assertEquals(1 - wanted.badShare() / slo.budget(), standing.budgetLeft(), 1e-9);
    }

    @Property(tries = 30)
    void whatIsCountedNeverFallsAndIsAllOfItInTheEnd(@ForAll long seed) {
        Random random = new Random(seed);
        LatencySlo slo = slo(random.nextBoolean(), random);
        SloAccount account = new SloAccount(slo, Instant.ofEpochMilli(START));
        List<Entry> entries = new ArrayList<>();
        long now = START;
        SloCount last = new SloCount(0, 0);
        for (int i = 0; i < 300; i++) {
            now += random.nextInt(5_000);
            Judgement judgement = new Judgement(verdict(random), verdict(random));
            account.add(judgement, 0, now);
            entries.add(new Entry(now, judgement));
            SloCount counted = account.standing(slo, now).counted();
            assertTrue(counted.requests() >= last.requests() && counted.bad() >= last.bad());
            last = counted;
        }
        assertEquals(naive(entries, slo, 0), account.standing(slo, now + 60_000).counted());
    }

    @Example
    void aBrokenMinuteIsBadAsAWholeAndAKeptOneNotAtAll() {
        LatencySlo slo = new LatencySlo(
                "p95",
                SloSelector.ALL,
                new LatencyTarget(800, 95),
                LatencyTarget.NONE,
                Duration.ofDays(30),
                0.995,
                OnViolation.LOG,
                30);
        SloAccount account = new SloAccount(slo, Instant.ofEpochMilli(START));
        long minute = START / 60_000 * 60_000;
        for (int i = 0; i < 20; i++) {
            account.add(ttft(i == 0), 0, minute);
        }
        assertEquals(new SloCount(20, 0), account.standing(slo, minute).window());
        for (int i = 0; i < 20; i++) {
            account.add(ttft(i < 2), 0, minute + 60_000);
        }
        SloStanding standing = account.standing(slo, minute + 60_000);
        assertEquals(new SloCount(40, 20), standing.window());
        assertEquals(new SloCount(20, 0), standing.counted(), "the open minute is not final");
        assertEquals(0.5 / 0.005, standing.burn(BurnWindow.M5).rate(), 1e-9);
        assertEquals(new SloCount(40, 3), standing.ttft());
    }

    @Example
    void fewRequestsSayNothing() {
        LatencySlo slo = Slos.of("a", SloSelector.ALL);
        SloAccount account = new SloAccount(slo, Instant.ofEpochMilli(START));
        for (int i = 0; i < 29; i++) {
            account.add(ttft(true), 0, START);
        }
        assertEquals(false, account.standing(slo, START).burn(BurnWindow.M5).enough());
        account.add(ttft(true), 0, START);
        assertEquals(true, account.standing(slo, START).burn(BurnWindow.M5).enough());
    }

    private static Judgement ttft(boolean over) {
        return new Judgement(over ? Verdict.OVER : Verdict.WITHIN, Verdict.UNKNOWN);
    }

    private static LatencySlo slo(boolean percentile, Random random) {
        return new LatencySlo(
                "a",
                SloSelector.ALL,
                new LatencyTarget(800, percentile ? 75 : 0),
                new LatencyTarget(50, random.nextBoolean() ? 90 : 0),
                Duration.ofHours(1 + random.nextInt(200)),
                0.99,
                OnViolation.LOG,
                30);
    }

    private static Verdict verdict(Random random) {
        double draw = random.nextDouble();
        return draw < 0.15 ? Verdict.OVER : draw < 0.25 ? Verdict.UNKNOWN : Verdict.WITHIN;
    }

    private static long bucket(BurnWindow window) {
        return switch (window) {
            case M5, M30, H1 -> 60_000;
            case H2, H6 -> 300_000;
            case D1, D3 -> 1_800_000;
        };
    }

    private static long from(long now, long bucket, long length) {
        return (now / bucket - length / bucket + 1) * bucket;
    }

    /** Everything since {@code from}, judged a minute at a time. */
    private static SloCount naive(List<Entry> entries, LatencySlo slo, long from) {
        Map<Long, List<Judgement>> minutes = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.atMs() >= from && entry.judgement().counts()) {
                minutes.computeIfAbsent(entry.atMs() / 60_000, any -> new ArrayList<>())
                        .add(entry.judgement());
            }
        }
        long requests = 0;
        long bad = 0;
        for (List<Judgement> minute : minutes.values()) {
            requests += minute.size();
            boolean broken = share(minute.stream().map(Judgement::ttft).toList()) * 100
                            < slo.ttft().percentile() - 1e-9
                    || share(minute.stream().map(Judgement::tpot).toList()) * 100
                            < slo.tpot().percentile() - 1e-9;
            bad += broken
                    ? minute.size()
                    : minute.stream()
                            .filter(each -> each.ttft() == Verdict.OVER
                                            && slo.ttft().percentile() == 0
                                    || each.tpot() == Verdict.OVER && slo.tpot().percentile() == 0)
                            .count();
        }
        return new SloCount(requests, bad);
    }

    private static double share(List<Verdict> verdicts) {
        long known = verdicts.stream().filter(each -> each != Verdict.UNKNOWN).count();
        long within = verdicts.stream().filter(each -> each == Verdict.WITHIN).count();
        return known == 0 ? 1 : (double) within / known;
    }
}
