package dev.presage.testbed.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LongIntMapTest {
    /** Few keys, so that probes collide and deletions shift entries back. */
    @Property(tries = 500)
    void behavesAsAHashMap(@ForAll @Size(max = 400) List<@IntRange(max = 47) Integer> actions) {
        LongIntMap map = new LongIntMap(24);
        Map<Long, Integer> model = new HashMap<>();
        for (int i = 0; i < actions.size(); i++) {
            long key = actions.get(i) % 24;
            if (actions.get(i) < 24) {
                Integer before = model.put(key, i);
                assertEquals(before == null ? LongIntMap.ABSENT : before, map.put(key, i));
            } else {
                model.remove(key);
                map.remove(key);
            }
            for (long k = 0; k < 24; k++) {
                assertEquals(model.getOrDefault(k, LongIntMap.ABSENT), map.get(k));
            }
        }
    }
}
