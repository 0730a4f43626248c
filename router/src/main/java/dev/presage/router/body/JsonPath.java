package dev.presage.router.body;

/**
 * A handler that knows where it is: the name of the member that a value belongs to, through any arrays around it, and those of
 * the members around that one. Names deeper than {@value #DEEPEST} levels are taken as unknown.
 */
public abstract class JsonPath implements JsonHandler {
    private static final int DEEPEST = 64;

    private final String[] names = new String[DEEPEST + 1];
    private int depth;

    protected JsonPath() {
        names[0] = "";
    }

    /** Another document begins. */
    protected final void restart() {
        depth = 0;
    }

    /** Objects and arrays that are open. */
    protected final int depth() {
        return depth;
    }

    /** The member that a value belongs to here; empty when it has none or an unknown one. */
    protected final String member() {
        return above(0);
    }

    /** The member {@code levels} objects or arrays further out. */
    protected final String above(int levels) {
        int at = depth - levels;
        return at < 0 || at > DEEPEST ? "" : names[at];
    }

    /** Whether a member around the value's own is called {@code ancestor}. */
    protected final boolean under(String ancestor) {
        for (int level = Math.min(depth - 1, DEEPEST); level > 0; level--) {
            if (names[level].equals(ancestor)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void structStart(boolean object) {
        String inherited = object ? "" : member();
        depth++;
        if (depth <= DEEPEST) {
            names[depth] = inherited;
        }
    }

    @Override
    public void structEnd() {
        depth--;
    }

    @Override
    public void name(String known) {
        if (depth <= DEEPEST) {
            names[depth] = known;
        }
    }
}
