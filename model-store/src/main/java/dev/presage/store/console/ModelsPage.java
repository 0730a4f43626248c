package dev.presage.store.console;

import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.util.List;

/** A pool's versions, newest first, {@value #ROWS} a page. */
record ModelsPage(Sources sources) {
    private static final int ROWS = 50;

    /** What the template shows. */
    record View(PoolState pool, List<VersionEntry> rows, int page, int pages, long nowMs) {}

    Reply show(Ask ask) throws IOException {
        PoolState pool = ask.pool(sources.registry());
        int pages = Math.max(1, (pool.versions().size() + ROWS - 1) / ROWS);
        int page = ask.page(pages);
        int end = pool.versions().size() - (page - 1) * ROWS;
        List<VersionEntry> rows =
                pool.versions().subList(Math.max(0, end - ROWS), end).reversed();
        return Reply.Shown.of(
                "Models of " + pool.pool(),
                "models",
                pool.pool(),
                "models",
                new View(pool, rows, page, pages, sources.clock().millis()));
    }
}
