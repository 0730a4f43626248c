package dev.presage.testbed.quickstart;

/** A model went into service {@code atSeconds} wall seconds after the start of the load. */
record ModelSwap(double atSeconds, String bundleId) {
    /** Enough of the digest to tell versions apart. */
    String shortId() {
        String digest = bundleId.substring(bundleId.indexOf('-') + 1);
        return digest.substring(0, Math.min(8, digest.length()));
    }
}
