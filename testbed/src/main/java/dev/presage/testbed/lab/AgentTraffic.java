package dev.presage.testbed.lab;

import dev.presage.router.program.ProgramIds;
import dev.presage.testbed.trace.TraceRequest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Agents: each reads a long context and then takes many short steps over it, a tool at work after each. A step begins when the one
 * before was answered and its tool is done, so a slow fleet is asked less. Each step's prompt is the one before, what came out, and the
 * tool's result. The same seed gives the same programs.
 */
final class AgentTraffic implements Arrivals {
    private static final int LEAST_CONTEXT = 8_000;
    private static final int MOST_CONTEXT = 48_000;
    private static final int LEAST_STEPS = 10;
    private static final int MOST_STEPS = 30;

    /** One agent. */
    private static final class Program {
        final int number;
        final SplittableRandom random;
        final int steps;
        final double startedMs;
        int step;
        int tokens;
        long[] ids = {};

        Program(int number, double startedMs, SplittableRandom random) {
            this.number = number;
            this.startedMs = startedMs;
            this.random = random;
            tokens = random.nextInt(LEAST_CONTEXT, MOST_CONTEXT);
            steps = random.nextInt(LEAST_STEPS, MOST_STEPS + 1);
        }
    }

    private record Due(double atMs, Program program) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingDouble(Due::atMs).thenComparingInt(one -> one.program().number));
    private final Map<Integer, Program> running = new HashMap<>();
    private final AgentTally tally;
    private final double toolMs;
    private int position;
    private long nextId = 1;

    /** So many programs, which start at this rate, with tools that take an exponential time of this mean. */
    AgentTraffic(int programs, double perSecond, double toolMs, long seed, AgentTally tally) {
        this.tally = tally;
        this.toolMs = toolMs;
        SplittableRandom random = new SplittableRandom(seed * 7_919 + 3);
        double start = 0;
        for (int i = 0; i < programs; i++) {
            start += -1e3 / perSecond * Math.log(1 - random.nextDouble());
            due.add(new Due(start, new Program(i, start, random.split())));
        }
    }

    @Override
    public double nextMs() {
        Due next = due.peek();
        return next == null ? Double.POSITIVE_INFINITY : next.atMs();
    }

    @Override
    public Arrival take() {
        Due next = due.remove();
        Program program = next.program();
        int kept = program.ids.length == 0 ? 0 : program.ids.length - 1;
        program.ids = extended(program.ids, program.tokens);
        int output = program.random.nextInt(30, 250);
        TraceRequest request = new TraceRequest(position, next.atMs(), program.tokens, output, program.ids);
        running.put(position, program);
        tally.step(position, kept * TraceRequest.HASH_ID_TOKENS);
        position++;
        String tenant = TenantTraffic.TENANTS.get(program.number % TenantTraffic.TENANTS.size());
        Map<String, String> headers = new HashMap<>(TenantTraffic.headers(tenant));
        headers.put(ProgramIds.PROGRAM, "program-" + program.number);
        headers.put("x-presage-queue-ttl-ms", "1800000");
        return new Arrival(
                request, next.atMs(), program.number % TenantTraffic.TENANTS.size(), TenantTraffic.STANDARD, headers);
    }

    /** A prompt of so many tokens that begins with the full blocks of the one before. */
    private long[] extended(long[] ids, int tokens) {
        long[] longer = Arrays.copyOf(ids, Math.ceilDiv(tokens, TraceRequest.HASH_ID_TOKENS));
        for (int i = Math.max(0, ids.length - 1); i < longer.length; i++) {
            longer[i] = nextId++;
        }
        return longer;
    }

    @Override
    public void answered(Arrival arrival, double nowMs) {
        Program program = running.remove(arrival.request().position());
        if (program == null) {
            throw new IllegalStateException(arrival + " is no step under way");
        }
        program.step++;
        if (program.step == program.steps) {
            tally.programEnded(nowMs - program.startedMs, nowMs);
            return;
        }
        program.tokens += arrival.request().outputTokens() + program.random.nextInt(100, 800);
        double gap = 1_000 - toolMs * Math.log(1 - program.random.nextDouble());
        due.add(new Due(nowMs + gap, program));
    }
}
