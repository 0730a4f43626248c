package dev.presage.store.registry;

import java.io.IOException;
import java.util.List;

/** What was done to a pool: only ever appended to, after the commit that it tells of. */
interface AuditLog {
    void append(AuditEntry entry) throws IOException;

    /** The last entries, newest first; one that is being written does not count yet. */
    List<AuditEntry> newest(int limit) throws IOException;

    /** After a crash: appends the committed entry when it is not there. */
    void heal(AuditEntry committed) throws IOException;
}
