package dev.presage.router.pick;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.predict.TestFleet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LmetricPolicyTest {
    @Test
    void costIsPrefillTokensTimesBatchSize() {
        TestFleet fleet = TestFleet.of(3).holds(1, 5);
        fleet.dispatch(0, 1_000, 0, 0);
        fleet.dispatch(1, 300, 0, 0).firstToken(1);
        fleet.dispatch(1, 400, 0, 2);

        Choice choice = new LmetricPolicy().choose(fleet.matrix(TestFleet.request(640)), new Random(1));

        assertArrayEquals(new double[] {(1_000 + 640) * 2, (400 + 640 - 320) * 3, 640}, choice.costs());
        assertEquals(2, choice.candidate());
        assertEquals(1, choice.propensity());
        assertEquals("lmetric", choice.policy());
        assertEquals("", choice.bundleId());
    }

    @Test
    void ignoresWhatIsScraped() {
        TestFleet fleet = TestFleet.of(2).scraped(0, 0, 0, 0).scraped(1, 50, 50, 1);
        fleet.dispatch(0, 10, 0, 0);

        assertEquals(
                1,
                new LmetricPolicy()
                        .choose(fleet.matrix(TestFleet.request(640)), new Random(1))
                        .candidate());
    }
}
