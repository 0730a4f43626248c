package dev.presage.testbed.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Traces by name: the bundled ones, and made ones for what no public trace shows. The same seed gives the same trace. */
public enum Workload {
    /** An hour of chat as it was: seeds change nothing. */
    CONVERSATION("conversation", random -> Trace.mooncakeConversation()),
    /** The same hour, those who come at one recorded instant spread up to the next one. */
    CONVERSATION_SPREAD("conversation-spread", random -> Spread.evenly(Trace.mooncakeConversation(), random)),
    /** The second half of that hour, which nothing was tuned on. */
    CONVERSATION_LATER("conversation-later", random -> later(Trace.mooncakeConversation())),
    /** Other chat, whose trace tells no prefixes: sessions are made up. */
    AZURE_SESSIONS("azure-sessions", random -> Sessions.over(Trace.azureConversation(), random)),
    /** 1,000 prompts of 4,096 tokens at 60 a second, all the same. */
    SHARED_1("shared-prompt-1", random -> shared(1, random)),
    /** The same, 16 different ones. */
    SHARED_16("shared-prompt-16", random -> shared(16, random)),
    /** The same, 64 different ones. */
    SHARED_64("shared-prompt-64", random -> shared(64, random)),
    /** The conversation, what comes in a minute coming within its first ten seconds. */
    BURSTS("bursts", random -> bursts(Trace.mooncakeConversation())),
    /** Programs that take many short turns over one long context. */
    AGENTS("agents", Workload::agents);

    private static final int SHARED_REQUESTS = 1_000;
    private static final int SHARED_TOKENS = 4_096;
    private static final int SHARED_OUTPUT = 128;
    private static final double SHARED_PER_SECOND = 60;

    private static final int PROGRAMS = 300;
    private static final double PROGRAM_EVERY_MS = 10_000;
    private static final int MAX_TURNS = 30;

    private final String label;
    private final Function<SplittableRandom, List<TraceRequest>> maker;

    Workload(String label, Function<SplittableRandom, List<TraceRequest>> maker) {
        this.label = label;
        this.maker = maker;
    }

    public String label() {
        return label;
    }

    /** The trace of that name; an {@link IllegalArgumentException} lists the names. */
    public static Workload named(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown workload '" + label + "', known: "
                        + Arrays.stream(values()).map(Workload::label).toList()));
    }

    public List<TraceRequest> trace(long seed) {
        return maker.apply(new SplittableRandom(seed));
    }

    private static List<TraceRequest> later(List<TraceRequest> trace) {
        return numbered(trace.subList(trace.size() / 2, trace.size()));
    }

    private static List<TraceRequest> shared(int prompts, SplittableRandom random) {
        List<TraceRequest> trace = new ArrayList<>();
        double now = 0;
        for (int i = 0; i < SHARED_REQUESTS; i++) {
            long prompt = random.nextInt(prompts);
            long[] ids = new long[SHARED_TOKENS / TraceRequest.HASH_ID_TOKENS];
            Arrays.setAll(ids, block -> prompt * 1_000 + block);
            trace.add(new TraceRequest(i, now, SHARED_TOKENS, SHARED_OUTPUT, ids));
            now += exponential(random, 1e3 / SHARED_PER_SECOND);
        }
        return trace;
    }

    private static List<TraceRequest> bursts(List<TraceRequest> trace) {
        double minute = 60_000;
        return trace.stream()
                .map(request -> request.withArrivalMs(
                        Math.floor(request.arrivalMs() / minute) * minute + request.arrivalMs() % minute / 6))
                .toList();
    }

    /** Each program reads a context of 8k to 48k tokens and takes 10 to 30 turns, each adding what came out and a result. */
    private static List<TraceRequest> agents(SplittableRandom random) {
        List<TraceRequest> all = new ArrayList<>();
        double start = 0;
        long nextId = 1;
        for (int program = 0; program < PROGRAMS; program++) {
            start += exponential(random, PROGRAM_EVERY_MS);
            int tokens = random.nextInt(8_000, 48_000);
            int turns = random.nextInt(10, MAX_TURNS + 1);
            long[] ids = {};
            double now = start;
            for (int turn = 0; turn < turns; turn++) {
                ids = extended(ids, tokens, nextId);
                nextId += ids.length + 1;
                int output = random.nextInt(30, 250);
                all.add(new TraceRequest(0, now, tokens, output, ids));
                // The trace cannot wait for answers: a turn takes as long as its output at 30 ms a token, and a tool's
                // work.
                now += 1_000 + output * 30.0 + exponential(random, 3_000);
                tokens += output + random.nextInt(100, 800);
            }
        }
        all.sort(Comparator.comparingDouble(TraceRequest::arrivalMs));
        return numbered(all);
    }

    /** Ids of a longer prompt that begins with the full blocks of {@code ids}; the rest is new. */
    static long[] extended(long[] ids, int tokens, long nextId) {
        long[] longer = Arrays.copyOf(ids, Math.ceilDiv(tokens, TraceRequest.HASH_ID_TOKENS));
        for (int i = Math.max(0, ids.length - 1); i < longer.length; i++) {
            longer[i] = nextId + i;
        }
        return longer;
    }

    static List<TraceRequest> numbered(List<TraceRequest> trace) {
        List<TraceRequest> numbered = new ArrayList<>(trace.size());
        double origin = trace.getFirst().arrivalMs();
        for (TraceRequest request : trace) {
            numbered.add(new TraceRequest(
                    numbered.size(),
                    request.arrivalMs() - origin,
                    request.promptTokens(),
                    request.outputTokens(),
                    request.hashIds()));
        }
        return numbered;
    }

    static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }
}
