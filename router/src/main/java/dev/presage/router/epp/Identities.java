package dev.presage.router.epp;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Randomness of the serving threads: each has its own generator, seeded from the system's entropy, so that ids are unique across
 * routers and no thread waits for another.
 */
final class Identities implements Supplier<String> {
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final ThreadLocal<RandomGenerator> random = ThreadLocal.withInitial(() ->
            RandomGeneratorFactory.of("L64X256MixRandom").create(new SecureRandom().generateSeed(Long.BYTES * 5)));

    /** This thread's generator. */
    RandomGenerator random() {
        return random.get();
    }

    /** A random UUID. */
    @Override
    public String get() {
        RandomGenerator own = random.get();
        long high = own.nextLong() & ~0xF000L | VERSION_4;
        long low = own.nextLong() & ~0xC000_0000_0000_0000L | VARIANT;
        return new UUID(high, low).toString();
    }
}
