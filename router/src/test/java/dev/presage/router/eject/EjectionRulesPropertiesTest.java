package dev.presage.router.eject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.router.eject.Standing.Ejected;
import dev.presage.router.eject.Standing.InRotation;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The invariants hold after any history, and at any origin of the clock, wrapping included. */
class EjectionRulesPropertiesTest {
    private static final EjectionRules RULES = EjectionRules.DEFAULT;
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;

    private long now;

    @Property
    void aServerErrorEndsServiceAtOnce(@ForAll long seed, @ForAll long origin, @ForAll @DoubleRange(max = 1) double d) {
        Standing standing = any(seed, origin);
        if (RULES.admits(standing, now)) {
            assertFalse(RULES.admits(RULES.failed(standing, now, now + 1, d), now + 1));
        }
    }

    @Property
    void aRefusedConnectionEndsServiceAtOnce(
            @ForAll long seed, @ForAll long origin, @ForAll @DoubleRange(max = 1) double d) {
        Standing after = RULES.refused(any(seed, origin), now, d);
        assertFalse(RULES.admits(after, now));
        assertFalse(RULES.admits(after, now + RULES.refusalHold().toNanos() - 1));
    }

    @Property
    void everyEjectionEndsByItself(@ForAll long seed, @ForAll long origin) {
        Standing standing = any(seed, origin);
        long longest = (long) (RULES.longestBackoff().toNanos() * (1 + RULES.jitter()));
        assertTrue(RULES.admits(standing, now + longest));
    }

    @Property
    void aTrialIsOneRequest(@ForAll long seed, @ForAll long origin) {
        Standing standing = any(seed, origin);
        Standing sent = RULES.sent(standing, now);
        if (!(standing instanceof InRotation)) {
            assertFalse(RULES.admits(sent, now + 1));
        } else {
            assertSame(standing, sent);
        }
    }

    @Property
    void newsOlderThanTheEjectionChangesNothing(
            @ForAll long seed, @ForAll long origin, @ForAll @LongRange(min = 0, max = 60 * SECOND) long before) {
        Standing standing = any(seed, origin);
        long since =
                switch (standing) {
                    case Ejected out -> out.sinceNanos();
                    case Standing.OnTrial trial -> trial.ejectedNanos();
                    case InRotation in -> Long.MIN_VALUE;
                };
        if (!(standing instanceof InRotation)) {
            assertSame(standing, RULES.failed(standing, since - before, now, 0.5));
            assertSame(standing, RULES.answered(standing, since - before, now));
        }
    }

    @Property
    void anAnswerToALaterRequestBringsBack(@ForAll long seed, @ForAll long origin) {
        Standing standing = any(seed, origin);
        assertInstanceOf(InRotation.class, RULES.answered(standing, now + 1, now + 2));
    }

    @Property
    void aScrapeBringsBackOnlyWhatAScrapeFoundRefusing(@ForAll long seed, @ForAll long origin) {
        Standing standing = any(seed, origin);
        Standing after = RULES.reached(standing, now);
        if (standing instanceof Ejected out && out.refused()) {
            boolean over = now - out.sinceNanos() >= RULES.backoffNanos(out.ejections());
            assertEquals(over, after instanceof InRotation);
        } else {
            assertSame(standing, after);
        }
    }

    @Property
    void backOffDoublesUpToItsBound(
            @ForAll @IntRange(min = 1, max = 1_000_000) int ejections, @ForAll @DoubleRange(max = 1) double draw) {
        long backoff = RULES.backoffNanos(ejections);
        assertTrue(backoff >= RULES.firstBackoff().toNanos()
                && backoff <= RULES.longestBackoff().toNanos());
        assertEquals(Math.min(2 * backoff, RULES.longestBackoff().toNanos()), RULES.backoffNanos(ejections + 1));
        var out = (Ejected) RULES.failed(new InRotation(ejections, 0), 0, 1, draw);
        long drawn = out.untilNanos() - 1;
        assertTrue(drawn >= RULES.backoffNanos(ejections + 1));
        assertTrue(drawn <= RULES.backoffNanos(ejections + 1) * (1 + RULES.jitter()) + 1);
    }

    @Property
    void whatDidWellForLongStartsAnew(@ForAll @IntRange(min = 1, max = 100) int ejections, @ForAll long origin) {
        long late = origin + RULES.forgetAfter().toNanos();
        var out = (Ejected) RULES.failed(new InRotation(ejections, origin), late, late, 0);
        assertEquals(1, out.ejections());
    }

    /** A standing after a random history; sets {@link #now}. */
    private Standing any(long seed, long origin) {
        Random random = new Random(seed);
        now = origin;
        Standing standing = Standing.GOOD;
        for (int i = random.nextInt(30); i > 0; i--) {
            now += random.nextLong(1, random.nextBoolean() ? SECOND / 5 : 20 * SECOND);
            long sent = now - random.nextLong(30 * SECOND);
            standing = switch (random.nextInt(5)) {
                case 0 -> RULES.failed(standing, sent, now, random.nextDouble());
                case 1 -> RULES.answered(standing, sent, now);
                case 2 -> RULES.refused(standing, now, random.nextDouble());
                case 3 -> RULES.reached(standing, now);
                default -> RULES.admits(standing, now) ? RULES.sent(standing, now) : standing;
            };
        }
        now += random.nextLong(1, DAY / 1_000);
        return standing;
    }
}
