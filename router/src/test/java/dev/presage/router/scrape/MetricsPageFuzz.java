package dev.presage.router.scrape;

import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.QueueState;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Any bytes as an engine's page: they are taken, and cuts make no difference. */
public final class MetricsPageFuzz {
    private MetricsPageFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        Engine[] engines = Engine.values();
        Engine engine = engines[(data[0] & 0xFF) % engines.length];
        byte[] page = Arrays.copyOfRange(data, 2, data.length);
        EngineSignals whole = read(engine, page, Math.max(1, page.length));
        EngineSignals pieces = read(engine, page, 1 + (data[1] & 0x3F));
        if (!Objects.equals(whole, pieces)) {
            throw new AssertionError("cuts make a difference: " + whole + " and " + pieces);
        }
    }

    private static @Nullable EngineSignals read(Engine engine, byte[] bytes, int piece) {
        MetricsPage page = new MetricsPage(engine.spec());
        for (int at = 0; at < bytes.length; at += piece) {
            page.feed(bytes, at, Math.min(bytes.length, at + piece));
        }
        return page.end(1, QueueState.IDLE);
    }
}
