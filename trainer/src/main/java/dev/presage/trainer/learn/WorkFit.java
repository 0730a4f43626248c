package dev.presage.trainer.learn;

import dev.presage.pipeline.features.Feature;
import dev.presage.store.predict.Target;
import dev.presage.store.predict.WorkTerm;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.WorkModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fits the work model: latency as a non-negative combination of work terms, first for all endpoints together, then per class
 * with a pull towards the common answer, or towards what the class was learned as before. Relative error is what counts, so each sample weighs the inverse square of its own
 * prediction (re-weighted a few times), samples that are off weigh less (Huber), and {@link Outliers} nothing.
 */
final class WorkFit {
    private static final int ROUNDS = 6;
    private static final double HUBER = 0.25;
    /** A class is pulled to the common fit as if that had been seen in this many samples of its own. */
    private static final double PRIOR_SAMPLES = 4;

    private static final double FLOOR_MS = 1;
    /** Twice the rate that this share of the samples stays below is unusual. */
    private static final double LEVERAGE_RANK = 0.97;

    private static final List<WorkTerm> TTFT_TERMS = List.of(
            WorkTerm.ONE,
            WorkTerm.WORK_TOKENS,
            WorkTerm.WORK_ATTENTION,
            WorkTerm.WORK_REQUESTS,
            WorkTerm.WORK_TOKENS_X_DECODING,
            WorkTerm.WORK_TOKENS_X_CONTEXT,
            WorkTerm.WORK_ATTENTION_X_DECODING,
            WorkTerm.FOREIGN_WAITING,
            WorkTerm.DECODING,
            WorkTerm.CONTEXT,
            WorkTerm.LORA_LOAD,
            WorkTerm.MEDIA);

    private static final List<WorkTerm> TPOT_TERMS = List.of(
            WorkTerm.ONE,
            WorkTerm.DECODING,
            WorkTerm.CONTEXT,
            WorkTerm.KV,
            WorkTerm.PREFILLS,
            WorkTerm.PENDING_PREFILL,
            WorkTerm.OWN_PREFILL);

    private final Target target;
    private final List<WorkTerm> terms;
    private final Map<String, double[]> known = new TreeMap<>();

    WorkFit(Target target) {
        this(target, WorkModel.getDefaultInstance());
    }

    /** @param earlier says what a class is until samples do; without a say when it has other terms than these */
    WorkFit(Target target, WorkModel earlier) {
        this.target = target;
        terms = target == Target.TTFT ? TTFT_TERMS : TPOT_TERMS;
        if (earlier.getTermsList().equals(terms.stream().map(WorkTerm::name).toList())) {
            earlier.getClassesList()
                    .forEach(one -> known.put(
                            one.getEndpointClass(),
                            one.getCoefficientsList().stream()
                                    .mapToDouble(Double::doubleValue)
                                    .toArray()));
        }
    }

    /**
     * One sample.
     *
     * @param actualMs the outcome
     * @param passedMs that the work in front of it had taken already
     * @param ownShare of that work
     */
    private record Row(double[] terms, double actualMs, double passedMs, double ownShare) {
        /** Of the {@code whole} work, what is left. */
        double leftMs(double whole) {
            return Math.max(FLOOR_MS, Math.max(whole - passedMs, whole * ownShare));
        }

        /** What has passed is work done, unless that leaves less than the request's own. */
        void addTo(NonNegativeLeastSquares system, double whole, double weight) {
            if (whole * ownShare > whole - passedMs) {
                double[] own = Arrays.stream(terms).map(term -> term * ownShare).toArray();
                system.add(own, actualMs, weight);
            } else {
                system.add(terms, actualMs + passedMs, weight);
            }
        }
    }

    /** Fits; {@code data} holds only samples that observed the target, at least one. */
    WorkModel fit(TrainingSet data) {
        List<Row> all = new ArrayList<>();
        Map<String, List<Row>> byClass = new TreeMap<>();
        for (int i = 0; i < data.size(); i++) {
            float[] features = data.row(i);
            double actual = Math.max(FLOOR_MS, data.outcome(i, target));
            Row row = target == Target.TTFT
                    ? new Row(
                            terms(features),
                            actual,
                            features[Feature.STALLED_MS.ordinal()],
                            WorkTerm.ownShare(features, 0))
                    : new Row(terms(features), actual, 0, 0);
            all.add(row);
            byClass.computeIfAbsent(data.endpointClass(i), name -> new ArrayList<>())
                    .add(row);
        }
        double[] common = solve(all, new double[terms.size()], 0);
        WorkModel.Builder model = WorkModel.newBuilder()
                .setSubtractStalled(target == Target.TTFT)
                .setFloorMs(FLOOR_MS)
                .addAllFallback(boxed(common));
        terms.forEach(term -> model.addTerms(term.name()));
        known.keySet().forEach(name -> byClass.putIfAbsent(name, List.of()));
        byClass.forEach((name, members) -> model.addClasses(ClassCoefficients.newBuilder()
                .setEndpointClass(name)
                .addAllCoefficients(boxed(solve(members, known.getOrDefault(name, common), PRIOR_SAMPLES)))));
        return model.build();
    }

    /** Without a prior the first round goes by the outcomes, with one it starts from there. */
    private double[] solve(List<Row> members, double[] prior, double strength) {
        if (members.isEmpty()) {
            return prior;
        }
        double[] beta = strength == 0 ? first(members) : prior;
        for (int round = 1; round < ROUNDS; round++) {
            NonNegativeLeastSquares system = new NonNegativeLeastSquares(terms.size());
            double[] whole = new double[members.size()];
            for (int i = 0; i < whole.length; i++) {
                whole[i] = dot(beta, members.get(i).terms());
            }
            boolean outliers = fewAreFar(members, whole);
            for (int i = 0; i < whole.length; i++) {
                Row row = members.get(i);
                double scale = row.leftMs(whole[i]);
                double relative = Math.abs(row.actualMs() - scale) / scale;
                double robust = relative <= HUBER ? 1 : HUBER / relative;
                if (!outliers || !isFar(row.actualMs(), scale)) {
                    row.addTo(system, whole[i], robust / (scale * scale));
                }
            }
            beta = system.solve(prior, strength);
        }
        return beta;
    }

    /** Weighs by the outcomes. One sample that claims a million tokens in a millisecond would outweigh all others: such are left out. */
    private double[] first(List<Row> members) {
        double[] most = new double[terms.size()];
        double[] rates = new double[members.size()];
        for (int term = 0; term < most.length; term++) {
            for (int k = 0; k < rates.length; k++) {
                rates[k] = members.get(k).terms()[term] / members.get(k).actualMs();
            }
            Arrays.sort(rates);
            most[term] = 2 * rates[(int) (LEVERAGE_RANK * (rates.length - 1))];
        }
        NonNegativeLeastSquares system = new NonNegativeLeastSquares(terms.size());
        for (Row row : members) {
            boolean usual = true;
            for (int term = 0; term < most.length; term++) {
                usual &= most[term] == 0 || row.terms()[term] <= most[term] * row.actualMs();
            }
            if (usual) {
                system.add(row.terms(), row.actualMs() + row.passedMs(), 1 / (row.actualMs() * row.actualMs()));
            }
        }
        double[] none = new double[terms.size()];
        return system.solve(none, 0);
    }

    /** Whether those that are far off are few enough to be outliers, and not the fit's own fault. */
    private static boolean fewAreFar(List<Row> members, double[] whole) {
        int far = 0;
        for (int i = 0; i < whole.length; i++) {
            Row row = members.get(i);
            far += isFar(row.actualMs(), row.leftMs(whole[i])) ? 1 : 0;
        }
        return far <= Outliers.MOST * members.size();
    }

    private static boolean isFar(double actual, double predicted) {
        return Math.abs(Math.log(actual / predicted)) > Outliers.FAR;
    }

    private double[] terms(float[] row) {
        double[] all = new double[WorkTerm.values().length];
        WorkTerm.all(row, 0, all);
        return terms.stream().mapToDouble(term -> all[term.ordinal()]).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
