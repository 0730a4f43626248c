package dev.presage.store.bundle;

import dev.presage.store.predict.Target;
import java.util.Arrays;
import java.util.Optional;

/** An entry of the archive, in archive order, with the most bytes that a reader accepts. */
enum Part {
    MANIFEST("manifest.json", 1 << 20, true),
    SIGNATURE("signature", BundleSigner.SIGNATURE_BYTES, false),
    PREDICTOR("predictor.pb", 32 << 20, true),
    GOLDEN("golden.pb", 4 << 20, true),
    TRIBUO_TTFT("tribuo-ttft.pb", 48 << 20, false),
    TRIBUO_TPOT("tribuo-tpot.pb", 48 << 20, false);

    final String entry;
    final int maxBytes;
    final boolean required;

    Part(String entry, int maxBytes, boolean required) {
        this.entry = entry;
        this.maxBytes = maxBytes;
        this.required = required;
    }

    /** True for what the manifest lists with a digest: all but itself and the signature over it. */
    boolean isDigested() {
        return this != MANIFEST && this != SIGNATURE;
    }

    static Optional<Part> ofEntry(String name) {
        return Arrays.stream(values()).filter(part -> part.entry.equals(name)).findFirst();
    }

    static Part ofModel(Target target) {
        return switch (target) {
            case TTFT -> TRIBUO_TTFT;
            case TPOT -> TRIBUO_TPOT;
        };
    }
}
