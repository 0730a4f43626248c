package dev.presage.store.bundle;

/** A finished bundle: its id and the bytes to publish. The array is not copied: do not modify it. */
public record BundleArchive(BundleId id, byte[] bytes) {
    /** The most bytes that an archive can have: all parts at their bound, and the archive's own headers. */
    public static final int MAX_BYTES = ArchiveCodec.MAX_BYTES;
}
