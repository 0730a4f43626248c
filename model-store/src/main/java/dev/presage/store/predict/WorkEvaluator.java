package dev.presage.store.predict;

import dev.presage.pipeline.features.Feature;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.WorkModel;
import java.util.List;

/** A work model ready to evaluate: the coefficients of all work terms for each endpoint class, the fallback's last. */
final class WorkEvaluator {
    private final double[][] coefficients;
    private final boolean subtractStalled;
    private final double floorMs;

    WorkEvaluator(WorkModel model, List<String> classes) {
        int[] terms =
                model.getTermsList().stream().mapToInt(WorkEvaluator::term).toArray();
        coefficients = new double[classes.size() + 1][];
        for (ClassCoefficients known : model.getClassesList()) {
            int index = classes.indexOf(known.getEndpointClass());
            if (index < 0) {
                throw new IllegalArgumentException("unknown endpoint class " + known.getEndpointClass());
            }
            coefficients[index] = vector(terms, known.getCoefficientsList());
        }
        double[] fallback = vector(terms, model.getFallbackList());
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
        double[] beta = of(classIndex);
        // Four sums at a time: none waits for the last addition of another.
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        for (int i = 0; i < WorkTerm.PLACES; i += 4) {
            first += beta[i] * values[i];
            second += beta[i + 1] * values[i + 1];
            third += beta[i + 2] * values[i + 2];
            fourth += beta[i + 3] * values[i + 3];
        }
        return first + second + (third + fourth);
    }

    private double[] of(int classIndex) {
        return coefficients[classIndex < 0 ? coefficients.length - 1 : classIndex];
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
        double[] beta = of(classIndex);
        return beta[WorkTerm.WORK_TOKENS.ordinal()] + beta[WorkTerm.ONE.ordinal()];
    }

    private static double[] vector(int[] terms, List<Double> values) {
        if (values.size() != terms.length) {
            throw new IllegalArgumentException(values.size() + " coefficients for " + terms.length + " work terms");
        }
        double[] vector = new double[WorkTerm.PLACES];
        for (int i = 0; i < terms.length; i++) {
            double value = values.get(i);
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("work coefficient " + value + " must be finite and not negative");
            }
            vector[terms[i]] += value;
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
