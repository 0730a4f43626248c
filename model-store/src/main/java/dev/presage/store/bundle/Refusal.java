package dev.presage.store.bundle;

/**
 * Why a bundle is not used. A closed set: who reports refusals switches over it or takes {@link #code} as a metric label and
 * {@link #message} for people.
 */
public sealed interface Refusal {
    /** Short, stable, without variable parts. */
    default String code() {
        return switch (this) {
            case ArchiveMalformed _ -> "archive-malformed";
            case EntryRefused _ -> "entry-refused";
            case ManifestInvalid _ -> "manifest-invalid";
            case IdMismatch _ -> "id-mismatch";
            case PoolMismatch _ -> "pool-mismatch";
            case DigestMismatch _ -> "digest-mismatch";
            case SignatureMissing _ -> "signature-missing";
            case SignatureInvalid _ -> "signature-invalid";
            case SchemaMismatch _ -> "schema-mismatch";
            case PredictorInvalid _ -> "predictor-invalid";
            case GoldenInvalid _ -> "golden-invalid";
            case GoldenMismatch _ -> "golden-mismatch";
        };
    }

    /** One sentence that names what is wrong. */
    String message();

    /** The bytes are no archive, or not exactly the one that the writer makes of these parts. */
    record ArchiveMalformed(String problem) implements Refusal {
        @Override
        public String message() {
            return "not a bundle archive: " + problem;
        }
    }

    /** An entry that is unknown, doubled, missing, compressed or too large. */
    record EntryRefused(String entry, String problem) implements Refusal {
        @Override
        public String message() {
            return "archive entry '" + entry + "' " + problem;
        }
    }

    record ManifestInvalid(String problem) implements Refusal {
        @Override
        public String message() {
            return "manifest.json: " + problem;
        }
    }

    record IdMismatch(BundleId expected, BundleId actual) implements Refusal {
        @Override
        public String message() {
            return "content is " + actual + ", asked for was " + expected;
        }
    }

    record PoolMismatch(String expected, String actual) implements Refusal {
        @Override
        public String message() {
            return "bundle is for pool " + actual + ", not " + expected;
        }
    }

    record DigestMismatch(String entry, String expected, String actual) implements Refusal {
        @Override
        public String message() {
            return entry + " has digest " + actual + ", its manifest says " + expected;
        }
    }

    record SignatureMissing() implements Refusal {
        @Override
        public String message() {
            return "a signature is required and the bundle has none";
        }
    }

    record SignatureInvalid() implements Refusal {
        @Override
        public String message() {
            return "the signature is not one of a trusted key over this manifest";
        }
    }

    /** Trained on another feature row than this build fills. */
    record SchemaMismatch(String expected, String actual, String difference) implements Refusal {
        @Override
        public String message() {
            return "feature schema " + actual + " is not this build's " + expected + ": " + difference;
        }
    }

    record PredictorInvalid(String problem) implements Refusal {
        @Override
        public String message() {
            return "predictor.pb: " + problem;
        }
    }

    record GoldenInvalid(String problem) implements Refusal {
        @Override
        public String message() {
            return "golden.pb: " + problem;
        }
    }

    /** The predictor does not say here what it said where it was made. */
    record GoldenMismatch(int row, String figure, double expected, double actual) implements Refusal {
        @Override
        public String message() {
            return "golden row " + row + ": " + figure + " is " + actual + " ms, expected " + expected + " ms";
        }
    }
}
