package dev.presage.store.predict;

import dev.presage.pipeline.features.Feature;
import dev.presage.store.proto.ClassCoefficients;
import dev.presage.store.proto.WorkModel;
import java.util.List;

/** A work model ready to evaluate: its terms and one coefficient vector per endpoint class, the fallback last. */
final class WorkEvaluator {
    private final WorkTerm[] terms;
    private final double[][] coefficients;
    private final boolean subtractStalled;
    private final double floorMs;

    WorkEvaluator(WorkModel model, List<String> classes) {
        terms = model.getTermsList().stream().map(WorkEvaluator::term).toArray(WorkTerm[]::new);
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

    /** Milliseconds for the row at {@code offset} on an endpoint of class {@code classIndex} (negative: never seen). */
    double locationMs(float[] rows, int offset, int classIndex) {
        double[] beta = coefficients[classIndex < 0 ? coefficients.length - 1 : classIndex];
        double sum = 0;
        for (int i = 0; i < terms.length; i++) {
            sum += beta[i] * terms[i].of(rows, offset);
        }
        if (subtractStalled) {
            sum -= rows[offset + Feature.STALLED_MS.ordinal()];
        }
        return Math.max(floorMs, sum);
    }

    /** Milliseconds that a thousand uncontended prompt tokens would take: what the class is, as one number. */
    double slowness(int classIndex) {
        double[] beta = coefficients[classIndex < 0 ? coefficients.length - 1 : classIndex];
        double sum = 0;
        for (int i = 0; i < terms.length; i++) {
            if (terms[i] == WorkTerm.WORK_TOKENS || terms[i] == WorkTerm.ONE) {
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

    private static WorkTerm term(String name) {
        try {
            return WorkTerm.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("unknown work term " + name, e);
        }
    }
}
