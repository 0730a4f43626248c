package dev.presage.testbed.bench;

import dev.presage.router.eject.Reachability;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.prefix.ApproximatePrefixIndex;
import dev.presage.router.scrape.ScrapeFailure;
import dev.presage.router.scrape.ScrapeListener;
import dev.presage.router.scrape.ScrapeSettings;
import dev.presage.router.scrape.Scraper;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Processor time of the scraper's thread: {@code ScrapeBench [endpoints] [interval ms] [seconds]}. */
public final class ScrapeBench {
    private ScrapeBench() {}

    public static void main(String[] arguments) throws InterruptedException {
        int endpoints = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 64;
        int intervalMs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        LongAdder scrapes = new LongAdder();
        LongAdder failures = new LongAdder();
        Fleet fleet = new Fleet();
        try (EnginePages pages = new EnginePages(endpoints)) {
            List<Endpoint> members = new ArrayList<>();
            for (int port : pages.ports()) {
                members.add(new Endpoint("bench/e" + port, "127.0.0.1", port, Map.of()));
            }
            fleet.replace(members);
            ScrapeSettings settings = ScrapeSettings.DEFAULT.every(Duration.ofMillis(intervalMs));
            try (Scraper scraper = Scraper.start(
                    fleet,
                    new ApproximatePrefixIndex(1 << 10),
                    Reachability.NONE,
                    settings,
                    System::nanoTime,
                    new ScrapeListener() {
                        @Override
                        public void scraped(String endpointId, long tookNanos) {
                            scrapes.increment();
                        }

                        @Override
                        public void failed(String endpointId, ScrapeFailure why) {
                            failures.increment();
                        }
                    })) {
                Thread.sleep(10_000);
                for (int round = 0; round < 3; round++) {
                    long cpu = scraperCpuNanos();
                    long count = scrapes.sum();
                    long start = System.nanoTime();
                    Thread.sleep(seconds * 1_000L / 3);
                    double wall = System.nanoTime() - start;
                    double used = scraperCpuNanos() - cpu;
                    long done = scrapes.sum() - count;
                    System.out.printf(
                            "%d endpoints every %d ms: %.0f scrapes/s, %.2f %% of a core, %.1f us a scrape, %d failures%n",
                            endpoints,
                            intervalMs,
                            done / wall * 1e9,
                            100 * used / wall,
                            used / done / 1e3,
                            failures.sum());
                }
            }
        }
    }

    private static long scraperCpuNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith("presage-scrape")) {
                return threads.getThreadCpuTime(id);
            }
        }
        throw new IllegalStateException("no scraper thread");
    }
}
