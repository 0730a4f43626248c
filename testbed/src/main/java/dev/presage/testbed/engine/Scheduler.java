package dev.presage.testbed.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Decides what each step computes, as vLLM V1 does: running sequences in order of admission, then the waiting queue in
 * order of arrival, all within one token budget. When a running sequence needs a block and none is free, the newest
 * running sequence is pre-empted: it gives its blocks back and waits at the head of the queue. A waiting sequence whose LoRA
 * adapter finds no place is passed over.
 *
 * <p>Both lists are bounded by the requests the caller has submitted and not yet seen finished. Not thread-safe.
 */
final class Scheduler {
    final SchedulerLimits limits;
    final BlockPool pool;
    final AdapterSlots adapters;
    final List<Sequence> running = new ArrayList<>();
    final Deque<Sequence> waiting = new ArrayDeque<>();
    private final StepCost cost = new StepCost();
    private long queriedTokens;
    private long hitTokens;
    private long preemptions;

    Scheduler(SchedulerLimits limits, BlockPool pool, AdapterSlots adapters) {
        this.adapters = adapters;
        this.limits = limits;
        this.pool = pool;
    }

    /** Independent copy; only the immutable requests are shared. */
    Scheduler copy() {
        Scheduler copy = new Scheduler(limits, pool.copy(), adapters.copy());
        running.forEach(sequence -> copy.running.add(sequence.copy()));
        waiting.forEach(sequence -> copy.waiting.add(sequence.copy()));
        copy.queriedTokens = queriedTokens;
        copy.hitTokens = hitTokens;
        copy.preemptions = preemptions;
        return copy;
    }

    /** Plans the next step; its work is in the result. Nothing is computed when both lists are empty. */
    StepCost schedule() {
        cost.clear();
        if (!scheduleRunning()) {
            scheduleWaiting();
        }
        return cost;
    }

    /** Ends the planned step: counts tokens, drops finished and aborted sequences. */
    void settle() {
        int kept = 0;
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            sequence.settle();
            if (sequence.finished() || sequence.aborted()) {
                sequence.free(pool);
            } else {
                running.set(kept++, sequence);
            }
        }
        running.subList(kept, running.size()).clear();
    }

    /** Length of the prefix of {@code request} that is in the cache now, in full blocks. */
    int findPrefix(SimRequest request, int most) {
        int hits = 0;
        while (hits < most && pool.find(request.blockHash(hits)) != LongIntMap.ABSENT) {
            hits++;
        }
        return hits;
    }

    /** Blocks of a prompt that were computed elsewhere; the first ones are evicted last. */
    void receive(SimRequest request) {
        int full = request.promptTokens() / EngineProfile.BLOCK_TOKENS;
        int[] blocks = new int[full];
        int held = 0;
        while (held < full) {
            int block = pool.find(request.blockHash(held));
            if (block != LongIntMap.ABSENT) {
                pool.retain(block);
            } else if (pool.free() == 0) {
                break;
            } else {
                block = pool.allocate();
                pool.register(block, request.blockHash(held));
            }
            blocks[held++] = block;
        }
        while (held > 0) {
            pool.release(blocks[--held]);
        }
    }

    long queriedTokens() {
        return queriedTokens;
    }

    long hitTokens() {
        return hitTokens;
    }

    long preemptions() {
        return preemptions;
    }

    /** Returns true when a sequence was pre-empted; then nobody is admitted in this step. */
    private boolean scheduleRunning() {
        boolean preempted = false;
        for (int i = 0; i < running.size() && cost.tokens() < limits.stepTokens(); i++) {
            Sequence sequence = running.get(i);
            int chunk = Math.min(sequence.tokens - sequence.computed, limits.stepTokens() - cost.tokens());
            int missing = sequence.missingBlocks(sequence.computed + chunk);
            while (missing > pool.free() && i < running.size()) {
                preemptNewest();
                preempted = true;
            }
            if (i == running.size()) {
                break;
            }
            compute(sequence, chunk, missing);
        }
        return preempted;
    }

    private void preemptNewest() {
        Sequence newest = running.removeLast();
        newest.free(pool);
        waiting.addFirst(newest);
        preemptions++;
    }

    private void scheduleWaiting() {
        Iterator<Sequence> queue = waiting.iterator();
        while (queue.hasNext() && running.size() < limits.runningSequences() && cost.tokens() < limits.stepTokens()) {
            Sequence sequence = queue.next();
            String adapter = sequence.request.adapter();
            if (!adapters.hasPlace(adapter, running)) {
                continue;
            }
            int hits = findPrefix(sequence.request, sequence.reusableBlocks());
            int start = hits * EngineProfile.BLOCK_TOKENS;
            int chunk = Math.min(sequence.tokens - start, limits.stepTokens() - cost.tokens());
            int missing = sequence.missingBlocks(start + chunk) - hits;
            if (missing + hits > pool.free() && missing > pool.free() - freeAmongHits(sequence.request, hits)) {
                return;
            }
            queue.remove();
            if (adapters.use(adapter, running)) {
                cost.addAdapterLoad();
            }
            running.add(sequence);
            admit(sequence, hits);
            compute(sequence, chunk, missing);
        }
    }

    private int freeAmongHits(SimRequest request, int hits) {
        int free = 0;
        for (int i = 0; i < hits; i++) {
            if (pool.isFree(pool.find(request.blockHash(i)))) {
                free++;
            }
        }
        return free;
    }

    private void admit(Sequence sequence, int hits) {
        for (int i = 0; i < hits; i++) {
            int block = pool.find(sequence.request.blockHash(i));
            pool.retain(block);
            sequence.addBlock(block);
        }
        sequence.startAt(hits);
        if (sequence.cachedTokens < 0) {
            sequence.cachedTokens = sequence.computed;
            queriedTokens += sequence.tokens;
            hitTokens += sequence.computed;
        }
    }

    private void compute(Sequence sequence, int chunk, int missing) {
        for (int i = 0; i < missing; i++) {
            sequence.addBlock(pool.allocate());
        }
        sequence.schedule(chunk, pool);
        cost.add(sequence.computed, chunk, sequence.prefillEnd);
    }
}
