package dev.presage.testbed.lab;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Runs arms side by side and prints a row for each, over all seeds; each run has a line of its own on standard error.
 *
 * @param row of one arm over some seeds, with its end of line
 * @param more what the line of one run says beyond its row
 */
record ArmTable<R>(BiFunction<LabArm, Long, R> run, BiFunction<LabArm, List<R>, String> row, Function<R, String> more) {

    void print(CommandSpec command, List<LabArm> arms, List<Long> seeds) {
        PrintWriter out = command.commandLine().getOut();
        PrintWriter progress = command.commandLine().getErr();
        for (LabArm arm : arms) {
            List<R> results = new ArrayList<>();
            for (long seed : seeds) {
                R result = run.apply(arm, seed);
                results.add(result);
                String ran = row.apply(arm, List.of(result)).strip();
                progress.printf("seed %d: %s %s%n", seed, ran, more.apply(result));
                progress.flush();
            }
            out.print(row.apply(arm, results));
            out.flush();
        }
    }
}
