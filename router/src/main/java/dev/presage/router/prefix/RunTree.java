package dev.presage.router.prefix;

import org.jspecify.annotations.Nullable;

/**
 * The prompts that endpoints hold, as a radix tree (Morrison, PATRICIA, JACM 1968) whose edges are {@link Run}s of block hashes:
 * a prompt costs as much as it has branches, not blocks. One pass over a prompt finds what each of a thousand endpoints holds of
 * it. Bounded by what the endpoints may hold. Not thread-safe.
 */
final class RunTree {
    private final Run root = new Run();
    private final RunTable runs = new RunTable();
    /** Those that nobody holds, linked by {@link Run#parent}, the root for none; no more than were held at once. */
    private Run free = root;

    int size() {
        return runs.size();
    }

    /**
     * How many leading blocks each number below {@code numbers} holds; null when nobody holds the first. Allocates by {@code
     * numbers} alone, and not at all for a prompt that is new.
     */
    int @Nullable [] match(long[] prompt, int numbers) {
        Run run = next(root, prompt, 0);
        if (run == null) {
            return null;
        }
        int[] matched = new int[numbers];
        for (int at = 0; run != null; ) {
            int common = run.common(prompt, at, prompt.length);
            at += common;
            run.mark(matched, at);
            run = common < run.length ? null : next(run, prompt, at);
        }
        return matched;
    }

    /** How many leading blocks one endpoint holds. */
    int match(HeldRuns holder, long[] prompt) {
        Run run = next(root, prompt, 0);
        int at = 0;
        while (run != null && run.of(holder.number) != null) {
            int common = run.common(prompt, at, prompt.length);
            at += common;
            run = common < run.length ? null : next(run, prompt, at);
        }
        return at;
    }

    private @Nullable Run next(Run run, long[] prompt, int at) {
        return at == prompt.length ? null : runs.find(run, prompt[at]);
    }

    /** A request that needs this prompt is in flight; what is missing of it comes in. */
    void use(HeldRuns holder, long[] prompt) {
        boolean full = holder.full();
        boolean added = false;
        for (Run run = path(prompt); run != root; run = run.parent) {
            Holding known = run.of(holder.number);
            Holding holding = known == null ? holder.add(run) : known;
            if (added) {
                holding.followed++;
            }
            added = known == null;
            if (added) {
                run.add(holding);
            }
            holder.use(holding, full);
        }
        evict(holder);
    }

    /** It is over; its head is used later than its tail, as engines evict the tail first. */
    void release(HeldRuns holder, long[] prompt) {
        for (Run run = deepest(holder, prompt); run != root; run = run.parent) {
            Holding holding = run.of(holder.number);
            if (holding != null) {
                holder.release(holding);
            }
        }
        evict(holder);
    }

    /** The run with which the prompt ends; what is missing is added, what leads elsewhere branches off. */
    private Run path(long[] prompt) {
        Run run = root;
        int at = 0;
        while (at < prompt.length) {
            Run next = runs.find(run, prompt[at]);
            if (next == null) {
                next = begin(run, prompt, at, prompt.length);
            }
            int common = next.common(prompt, at, prompt.length);
            run = common < next.length ? split(next, common) : next;
            at += common;
        }
        return run;
    }

    private Run begin(Run parent, long[] prompt, int from, int to) {
        Run run = free;
        if (run == root) {
            run = new Run();
        } else {
            free = run.parent;
        }
        run.begin(parent, prompt, from, to);
        runs.add(run);
        return run;
    }

    /** Cuts a run in two and returns the first part; the second stays what it was for all that follow it. */
    private Run split(Run run, int at) {
        runs.remove(run);
        Run head = begin(run.parent, run.blocks, 0, at);
        run.behead(at);
        run.parent = head;
        runs.add(run);
        for (int i = 0; i < run.holders(); i++) {
            Holding rest = run.holding(i);
            head.add(rest.holder.split(rest, head));
        }
        return head;
    }

    /** The last run that the endpoint holds of the prompt and that ends where the prompt's blocks do; the root if there is none. */
    private Run deepest(HeldRuns holder, long[] prompt) {
        Run last = root;
        int at = 0;
        Run run = next(root, prompt, 0);
        while (run != null && run.of(holder.number) != null && run.common(prompt, at, prompt.length) == run.length) {
            last = run;
            at += run.length;
            run = next(run, prompt, at);
        }
        return last;
    }

    /** It is over, and what nobody else uses or follows of its blocks from {@code from} on was never there. */
    void takeBack(HeldRuns holder, long[] prompt, int from) {
        Run last = deepest(holder, prompt);
        int at = 0;
        for (Run run = last; run != root; run = run.parent) {
            at += run.length;
        }
        while (at > from) {
            Holding holding = last.of(holder.number);
            if (holding == null || holding.users > 1 || holding.followed > 0) {
                break;
            }
            int drop = Math.min(last.length, at - from);
            Run before = last.parent;
            drop(holding, last, drop);
            at -= drop;
            last = before;
        }
        release(holder, prompt);
    }

    /** The oldest that nobody uses go until the rest fits. */
    void evict(HeldRuns holder) {
        Holding oldest = holder.oldest();
        while (oldest != null && holder.excess() > 0) {
            Run run = oldest.run;
            int drop = Math.min(oldest.blocks(), holder.excess());
            if (run == null) {
                holder.dropOutput(oldest, drop);
            } else if (oldest.followed > 0) {
                holder.keep(oldest);
            } else {
                drop(oldest, run, drop);
            }
            oldest = holder.oldest();
        }
    }

    /** Forgets all, also what is in use. */
    void clear(HeldRuns holder) {
        holder.releaseAll();
        holder.capacity(0);
        evict(holder);
    }

    /** The last blocks of a run that nothing follows at that endpoint. */
    private void drop(Holding holding, Run run, int blocks) {
        HeldRuns holder = holding.holder;
        int left = run.length - blocks;
        if (left > 0 && run.holders() == 1) {
            run.length = left;
            holder.shortened(holding, blocks);
            return;
        }
        if (left > 0) {
            split(run, left);
        }
        run.remove(holding);
        holder.remove(holding);
        Holding before = run.parent.of(holder.number);
        if (before != null) {
            holder.followedLess(before);
        }
        if (run.holders() == 0) {
            runs.remove(run);
            run.parent = free;
            free = run;
        }
    }
}
