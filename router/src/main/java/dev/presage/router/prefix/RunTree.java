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
    int match(RunLru holder, long[] prompt) {
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

    /** All of the prompt becomes the newest, its head newer than its tail, as engines evict the tail first. */
    void hold(RunLru holder, long[] prompt) {
        int fits = Math.min(prompt.length, holder.capacity());
        boolean added = false;
        for (Run run = path(prompt, fits); run != root; run = run.parent) {
            Holding known = run.of(holder.number);
            Holding holding = known == null ? holder.take(run) : known;
            if (added) {
                holding.followed++;
            }
            added = known == null;
            if (added) {
                run.add(holding);
                holder.add(holding);
            } else {
                holder.touch(holding);
            }
        }
        evict(holder);
    }

    /** The run with which the first {@code length} blocks end; what is missing is added, what leads elsewhere branches off. */
    private Run path(long[] prompt, int length) {
        Run run = root;
        int at = 0;
        while (at < length) {
            Run next = runs.find(run, prompt[at]);
            if (next == null) {
                next = begin(run, prompt, at, length);
            }
            int common = next.common(prompt, at, length);
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
            Holding first = rest.holder.take(head);
            first.followed = 1;
            head.add(first);
            rest.holder.linkBefore(first, rest);
        }
        return head;
    }

    /** Takes the prompt's blocks from {@code from} on from the endpoint, from the last back to where others follow it. */
    void withdraw(RunLru holder, long[] prompt, int from) {
        Run last = root;
        int at = 0;
        for (Run run = next(root, prompt, 0); run != null; run = next(run, prompt, at)) {
            if (run.of(holder.number) == null) {
                break;
            }
            int common = run.common(prompt, at, prompt.length);
            if (common < run.length) {
                return;
            }
            last = run;
            at += common;
        }
        while (at > from) {
            Holding holding = last.of(holder.number);
            if (holding == null || holding.followed > 0) {
                return;
            }
            int drop = Math.min(last.length, at - from);
            Run before = last.parent;
            drop(holding, last, drop);
            at -= drop;
            last = before;
        }
    }

    /** The oldest go until the rest fits. */
    void evict(RunLru holder) {
        for (Holding oldest = holder.oldest(); oldest != null && holder.excess() > 0; oldest = holder.oldest()) {
            Run run = oldest.run;
            int drop = Math.min(oldest.blocks(), holder.excess());
            if (run == null) {
                holder.dropAnonymous(oldest, drop);
            } else {
                drop(oldest, run, drop);
            }
        }
    }

    /** The last blocks of a run that nothing follows. */
    private void drop(Holding holding, Run run, int blocks) {
        int left = run.length - blocks;
        if (left > 0 && run.holders() == 1) {
            run.length = left;
            holding.holder.shortened(blocks);
            return;
        }
        if (left > 0) {
            split(run, left);
        }
        holding.holder.remove(holding);
        run.remove(holding);
        Holding before = run.parent.of(holding.holder.number);
        if (before != null) {
            before.followed--;
        }
        if (run.holders() == 0) {
            runs.remove(run);
            run.parent = free;
            free = run;
        }
    }
}
