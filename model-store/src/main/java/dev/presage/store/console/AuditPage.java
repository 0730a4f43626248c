package dev.presage.store.console;

import dev.presage.store.registry.AuditEntry;
import dev.presage.store.registry.PoolState;
import java.io.IOException;
import java.util.List;

/** Who did what to a pool, newest first. The latest {@value #MAX_PAGES} pages of {@value #ROWS}; what is older is in the log's file. */
record AuditPage(Sources sources) {
    private static final int ROWS = 50;
    private static final int MAX_PAGES = 200;

    /** What the template shows. */
    record View(String pool, List<AuditEntry> entries, int page, boolean more) {}

    Reply show(Ask ask) throws IOException {
        PoolState pool = ask.pool(sources.registry());
        int page = ask.page(MAX_PAGES);
        List<AuditEntry> newest = sources.registry().audit(pool.pool(), page * ROWS + 1);
        List<AuditEntry> shown =
                newest.stream().skip((page - 1L) * ROWS).limit(ROWS).toList();
        boolean more = newest.size() > page * ROWS && page < MAX_PAGES;
        return Reply.Shown.of(
                "Audit log of " + pool.pool(), "audit", pool.pool(), "audit", new View(pool.pool(), shown, page, more));
    }
}
