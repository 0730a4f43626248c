package dev.presage.store.predict;

import dev.presage.pipeline.features.Feature;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.WorkModel;
import java.util.List;

/** A work model ready to evaluate: its terms and one coefficient vector per endpoint class, the fallback last. */
final class WorkEvaluator {
    private final int[] terms;
    private final double[][] coefficients;
    private final boolean subtractStalled;
    private final double floorMs;

    WorkEvaluator(WorkModel model, List<String> classes) {
        terms = model.getTermsList().stream().mapToInt(WorkEvaluator::term).toArray();
        coefficients = new double[classes.size() + 1][];
        for (ClassCoefficients known : model.getClassesList()) {
            int index = classes.indexOf(known.getEndpointClass());
            if (index < 0) {
                throw new IllegalArgumentException("unknown endpoint class " + known.getEndpointClass());
            }
            coefficients[index] = vector(known.getCoefficientsList());
        }
        double[] fallback = vector(model.getFallbackList());
        for (int i = 0; i < coefficients.length; i++) {
            if (coefficients[i] == null) {
                coefficients[i] = fallback;
            }
        }
        subtractStalled = model.getSubtractStalled();
        floorMs = model.getFloorMs();
        if (!(floorMs > 0 && floorMs < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("floor_ms " + floorMs + " must be above 0 and finite");
        }
    }

    /** Milliseconds of all the work on an endpoint of class {@code classIndex} (negative: never seen), from {@link WorkTerm#all}. */
    double wholeMs(double[] values, int classIndex) {
        double[] beta = coefficients[classIndex < 0 ? coefficients.length - 1 : classIndex];
        double sum = 0;
        for (int i = 0; i < terms.length; i++) {
            sum += beta[i] * values[terms[i]];
        }
        return sum;
    }

    /**
     * What is left of the whole: the time that has passed since the endpoint last made progress is done work of others, never of the
     * request's own, however long the endpoint has been silent.
     */
    double locationMs(double wholeMs, float[] rows, int offset) {
        if (!subtractStalled) {
            return Math.max(floorMs, wholeMs);
        }
        double left = wholeMs - rows[offset + Feature.STALLED_MS.ordinal()];
        return Math.max(floorMs, Math.max(left, wholeMs * WorkTerm.ownShare(rows, offset)));
    }

    /** Milliseconds that a thousand uncontended prompt tokens would take: what the class is, as one number. */
    double slowness(int classIndex) {
        double[] beta = coefficients[classIndex < 0 ? coefficients.length - 1 : classIndex];
        double sum = 0;
        for (int i = 0; i < terms.length; i++) {
            if (terms[i] == WorkTerm.WORK_TOKENS.ordinal() || terms[i] == WorkTerm.ONE.ordinal()) {
                sum += beta[i];
            }
        }
        return sum;
    }

    private double[] vector(List<Double> values) {
        if (values.size() != terms.length) {
            throw new IllegalArgumentException(values.size() + " coefficients for " + terms.length + " work terms");
        }
        double[] vector = values.stream().mapToDouble(Double::doubleValue).toArray();
        for (double value : vector) {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("work coefficient " + value + " must be finite and not negative");
            }
        }
        return vector;
    }

    private static int term(String name) {
        try {
            return WorkTerm.valueOf(name).ordinal();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown work term " + name, e);
        }
    }
}
