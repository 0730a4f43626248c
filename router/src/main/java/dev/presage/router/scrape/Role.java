package dev.presage.router.scrape;

/** What a metric family tells of an engine. */
public enum Role {
    WAITING,
    RUNNING,
    KV_USAGE,
    /** Adapters by label. */
    LORA,
    /** Block size and count by label. */
    CACHE_INFO,
    BLOCK_SIZE,
    BLOCKS,
    /** A value under a name of the configuration's own. */
    ATTRIBUTE
}
