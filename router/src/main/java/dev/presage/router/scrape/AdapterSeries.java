package dev.presage.router.scrape;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The LoRA adapters of one engine. Its gauge holds the time at which a state began, so that the youngest series is the present
 * one. It names the adapters with requests, not those in memory; an engine keeps an idle adapter until another needs its place,
 * so the last {@code max_lora} ones that ran are taken to be there. Confined to one thread; kept from page to page.
 */
final class AdapterSeries {
    static final int MAX_ADAPTERS = 1024;
    private static final byte[] RUNNING = "running_lora_adapters".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WAITING = "waiting_lora_adapters".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MOST = "max_lora".getBytes(StandardCharsets.US_ASCII);

    private final LinkedHashSet<String> lately = new LinkedHashSet<>();
    private double since = -1;
    private byte[] runningBytes = {};
    private byte[] waitingBytes = {};
    private Set<String> running = Set.of();
    private Set<String> waiting = Set.of();
    private Set<String> resident = Set.of();
    private int most;

    /** A new page starts. */
    void clear() {
        since = -1;
    }

    void forget() {
        lately.clear();
        resident = Set.of();
        running = Set.of();
        waiting = Set.of();
        runningBytes = new byte[0];
        waitingBytes = new byte[0];
    }

    void add(SampleLine sample, byte[] line) {
        long found = sample.find(RUNNING);
        if (sample.value() < since || found < 0) {
            return;
        }
        since = sample.value();
        most = sample.count(MOST);
        if (differs(found, line, runningBytes)) {
            runningBytes = bytes(found, line);
            running = names(runningBytes);
        }
        long queued = sample.find(WAITING);
        if (queued < 0) {
            waiting = Set.of();
            waitingBytes = new byte[0];
        } else if (differs(queued, line, waitingBytes)) {
            waitingBytes = bytes(queued, line);
            waiting = names(waitingBytes);
        }
    }

    /** The page is over. */
    void settle() {
        if (since < 0) {
            running = Set.of();
            waiting = Set.of();
            runningBytes = new byte[0];
            waitingBytes = new byte[0];
        } else if (!resident.containsAll(running) || !lately.equals(running)) {
            running.forEach(lately::remove);
            lately.addAll(running);
            Iterator<String> eldest = lately.iterator();
            for (int over = lately.size() - Math.max(running.size(), Math.min(most, MAX_ADAPTERS)); over > 0; over--) {
                eldest.next();
                eldest.remove();
            }
            if (!resident.equals(lately)) {
                resident = Set.copyOf(lately);
            }
        }
    }

    Set<String> running() {
        return running;
    }

    Set<String> waiting() {
        return waiting;
    }

    Set<String> resident() {
        return resident;
    }

    int most() {
        return since < 0 ? 0 : most;
    }

    private static boolean differs(long found, byte[] line, byte[] known) {
        return !Arrays.equals(line, (int) (found >> Integer.SIZE), (int) found, known, 0, known.length);
    }

    private static byte[] bytes(long found, byte[] line) {
        return Arrays.copyOfRange(line, (int) (found >> Integer.SIZE), (int) found);
    }

    private static Set<String> names(byte[] list) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : new String(list, StandardCharsets.UTF_8).split(",", MAX_ADAPTERS + 1)) {
            if (!name.isBlank() && names.size() < MAX_ADAPTERS) {
                names.add(name.strip());
            }
        }
        return Set.copyOf(names);
    }
}
