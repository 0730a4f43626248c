package dev.presage.router.program;

import dev.presage.router.request.HeaderMs;
import dev.presage.router.request.InferenceRequest;
import java.util.Map;
import java.util.OptionalLong;

/** How requests name what they belong to. */
public final class ProgramIds {
    /** An agent program: many steps over one growing context, with tools at work in between. Ours; the contract has none. */
    public static final String PROGRAM = "x-presage-program-id";

    /** A session, as a header or a cookie of that name. */
    public static final String SESSION = "x-session-id";

    /** {@code off}: this request goes where it does best whatever its session. */
    public static final String STAY = "x-presage-stay";

    /** Milliseconds until a program's next step, as it expects them; 0: this is its last one. */
    public static final String NEXT_STEP = "x-presage-next-step-ms";

    /** Milliseconds from when a program's first step was sent to when its last answer must be there. */
    public static final String DEADLINE = "x-presage-program-deadline-ms";

    private static final int MAX_LENGTH = 256;

    private ProgramIds() {}

    /** The program's id, else the session's; empty for a request of neither. */
    public static String of(InferenceRequest request) {
        Map<String, String> headers = request.headers();
        String program = headers.getOrDefault(PROGRAM, "");
        String session = program.isEmpty() ? headers.getOrDefault(SESSION, "") : program;
        String id = session.isEmpty() ? cookie(headers.getOrDefault("cookie", "")) : session;
        return id.length() > MAX_LENGTH ? "" : id;
    }

    /** Whether it is a step of a program, whose next one is to be expected soon. */
    public static boolean ofProgram(InferenceRequest request) {
        return !request.headers().getOrDefault(PROGRAM, "").isEmpty();
    }

    /** What the program says of its next step. */
    static OptionalLong nextStepMs(InferenceRequest request) {
        return HeaderMs.of(request, NEXT_STEP);
    }

    static boolean mayLeave(InferenceRequest request) {
        return request.headers().getOrDefault(STAY, "").equals("off");
    }

    private static String cookie(String cookies) {
        for (String cookie : cookies.split(";")) {
            String pair = cookie.strip();
            if (pair.startsWith(SESSION + "=")) {
                return pair.substring(SESSION.length() + 1);
            }
        }
        return "";
    }
}
