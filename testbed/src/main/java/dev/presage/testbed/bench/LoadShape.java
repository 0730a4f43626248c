package dev.presage.testbed.bench;

/** How requests follow each other. */
sealed interface LoadShape {
    /** For tables. */
    String label();

    /** A request starts when one has ended; replies are plain and come at once. */
    record Closed(int concurrency) implements LoadShape {
        public Closed {
            if (concurrency < 1 || concurrency > 1_024) {
                throw new IllegalArgumentException("concurrency " + concurrency + " outside 1..1024");
            }
        }

        @Override
        public String label() {
            return "c=" + concurrency;
        }
    }

    /** Requests arrive by a Poisson process, whatever becomes of those before; replies are streamed after a while. */
    record Open(int perSecond) implements LoadShape {
        public Open {
            if (perSecond < 1 || perSecond > 100_000) {
                throw new IllegalArgumentException("rate " + perSecond + " outside 1..100000 per second");
            }
        }

        @Override
        public String label() {
            return perSecond + "/s";
        }
    }
}
