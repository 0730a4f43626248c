package dev.presage.router.prefix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Those that leave next are always the oldest, just so many that they have the blocks that were asked for. */
class RecencyPropertiesTest {
    @Property(tries = 200)
    void theOldestLeaveNext(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Recency recency = new Recency();
        List<Holding> listed = new ArrayList<>();
        int most = 0;
        for (int step = 0; step < 200; step++) {
            Holding one = listed.isEmpty() ? null : listed.get(random.nextInt(listed.size()));
            int kind = random.nextInt(6);
            if (one == null || kind < 2) {
                Holding added = output(random.nextInt(1, 10));
                recency.link(added);
                listed.add(added);
            } else if (kind == 2) {
                recency.unlink(one);
                listed.remove(one);
            } else if (kind == 3) {
                most = random.nextInt(40);
                recency.mostLeaving(most);
            } else if (one.anonymous > 1) {
                int cut = random.nextInt(1, one.anonymous);
                one.anonymous -= cut;
                if (kind == 4) {
                    recency.shortened(one, cut);
                } else {
                    Holding first = output(cut);
                    recency.split(one, first);
                    listed.add(listed.indexOf(one) + 1, first);
                }
            }
            check(recency, listed, most);
        }
    }

    private static void check(Recency recency, List<Holding> listed, int most) {
        double blocks = listed.stream().mapToInt(Holding::blocks).sum();
        int leaving = 0;
        int place = 0;
        for (; place < listed.size() && leaving < most; place++) {
            leaving += listed.get(place).blocks();
        }
        for (int i = 0; i < listed.size(); i++) {
            assertEquals(i < place ? blocks / leaving : 0, recency.blocksOverLeaving(listed.get(i)), 1e-9);
        }
    }

    private static Holding output(int blocks) {
        Holding output = new Holding(new HeldRuns(0, 0));
        output.anonymous = blocks;
        return output;
    }
}
