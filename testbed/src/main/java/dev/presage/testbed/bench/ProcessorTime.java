package dev.presage.testbed.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Processor seconds since some fixed time.
 *
 * @param server of the process under test
 * @param client of this process
 * @param machine of everything; NaN where {@code /proc/stat} is missing
 */
record ProcessorTime(double server, double client, double machine) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final double TICKS_PER_SECOND = 100;
    /** Columns of the first line that are idle time or counted elsewhere: idle, iowait, guest, guest_nice. */
    private static final Set<Integer> NOT_BUSY = Set.of(4, 5, 9, 10);

    /** Without a server its time is 0. */
    static ProcessorTime read(Optional<ProcessHandle> server) {
        return new ProcessorTime(
                server.map(ProcessorTime::seconds).orElse(0.0), seconds(ProcessHandle.current()), machineSeconds());
    }

    ProcessorTime since(ProcessorTime earlier) {
        return new ProcessorTime(server - earlier.server, client - earlier.client, machine - earlier.machine);
    }

    /** What neither server nor client took. */
    double others() {
        return machine - server - client;
    }

    private static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    private static double machineSeconds() {
        try (Stream<String> lines = Files.lines(STAT)) {
            return busy(lines.findFirst().orElse("")) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** Busy ticks of a line such as {@code cpu 10 0 5 100 2 0 1 0 0 0}; NaN when it is none. */
    static double busy(String line) {
        String[] columns = line.trim().split("\\s+");
        if (!columns[0].equals("cpu")) {
            return Double.NaN;
        }
        double ticks = 0;
        for (int i = 1; i < columns.length; i++) {
            ticks += NOT_BUSY.contains(i) ? 0 : Double.parseDouble(columns[i]);
        }
        return ticks;
    }
}
