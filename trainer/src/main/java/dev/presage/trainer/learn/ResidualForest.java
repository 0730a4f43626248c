package dev.presage.trainer.learn;

import dev.presage.pipeline.features.Feature;
import dev.presage.pipeline.features.FeatureSchema;
import dev.presage.store.predict.Predictor;
import dev.presage.store.proto.Forest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.tribuo.MutableDataset;
import org.tribuo.common.xgboost.XGBoostModel;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.xgboost.XGBoostRegressionTrainer;

/**
 * The forest on what the work model leaves over, {@code log(actual / work)}, trained by Tribuo's XGBoost on squared error.
 * Monotone in load features, so that more load never lowers a prediction. A leaf combines at most two columns, so that the
 * router can add all trees up into tables.
 */
final class ResidualForest {
    private static final int COLUMNS = FeatureSchema.SIZE + Predictor.DERIVED;
    private static final List<String> DERIVED_KEYS = List.of("log_work", "class_slowness");
    private static final int LOG_WORK = FeatureSchema.SIZE;
    private static final int SLOWNESS = FeatureSchema.SIZE + 1;
    private static final String[] NAMES = names();

    /** A trained forest in the library's own form and in ours. */
    record Trained(XGBoostModel<Regressor> model, Forest forest) {
        /** Share of the gain per column key. */
        Map<String, Double> importances() {
            Map<String, Double> gains = new TreeMap<>();
            model.getFeatureImportance().getFirst().getTotalGain().forEach((name, gain) -> gains.put(key(name), gain));
            double total =
                    gains.values().stream().mapToDouble(Double::doubleValue).sum();
            gains.replaceAll((name, gain) -> total > 0 ? gain / total : 0);
            return gains;
        }

        private static String key(String name) {
            int column = Integer.parseInt(name.substring(1));
            return column < FeatureSchema.SIZE
                    ? FeatureSchema.keys().get(column)
                    : DERIVED_KEYS.get(column - FeatureSchema.SIZE);
        }
    }

    private ResidualForest() {}

    /** Trains on rows of {@code SIZE + DERIVED} columns against the residuals. */
    static Trained train(float[][] wide, double[] residuals, TrainerSettings settings) {
        RegressionFactory factory = new RegressionFactory();
        MutableDataset<Regressor> data =
                new MutableDataset<>(new SimpleDataSourceProvenance("presage samples", factory), factory);
        double[] values = new double[COLUMNS];
        for (int i = 0; i < wide.length; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                values[j] = wide[i][j];
            }
            data.add(new ArrayExample<>(new Regressor("residual", residuals[i]), NAMES, values));
        }
        XGBoostModel<Regressor> model = new XGBoostRegressionTrainer(
                        XGBoostRegressionTrainer.RegressionType.LINEAR,
                        trees(wide.length, settings),
                        parameters(settings))
                .train(data, Map.of());
        try {
            return new Trained(
                    model, BoosterExport.forest(model.getInnerModels().getFirst()));
        } catch (XGBoostError e) {
            throw new IllegalStateException("the trained booster cannot be read", e);
        }
    }

    /** Few samples cannot feed many trees. */
    private static int trees(int samples, TrainerSettings settings) {
        return Math.clamp(samples / 10L, 10, settings.trees());
    }

    private static Map<String, Object> parameters(TrainerSettings settings) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("objective", "reg:squarederror");
        parameters.put("eta", settings.learningRate());
        parameters.put("max_depth", settings.depth());
        parameters.put("min_child_weight", 8);
        parameters.put("lambda", 4);
        parameters.put("subsample", 0.8);
        parameters.put("colsample_bytree", 0.8);
        parameters.put("tree_method", "hist");
        parameters.put("max_bin", 64);
        parameters.put("base_score", 0);
        parameters.put("nthread", 1);
        parameters.put("seed", (int) settings.seed());
        parameters.put("verbosity", 0);
        parameters.put("monotone_constraints", constraints());
        parameters.put("interaction_constraints", interactions());
        return parameters;
    }

    /** Every column with the work, which says how much there is to stretch, and the pairs that share an engine's resource. */
    private static String interactions() {
        List<List<Integer>> pairs = new ArrayList<>();
        for (int column = 0; column < COLUMNS; column++) {
            if (column != LOG_WORK) {
                pairs.add(List.of(column, LOG_WORK));
            }
        }
        pairs.add(List.of(Feature.DECODING_REQUESTS.ordinal(), Feature.DECODING_CONTEXT.ordinal()));
        pairs.add(List.of(Feature.DECODING_REQUESTS.ordinal(), SLOWNESS));
        pairs.add(List.of(Feature.RUNNING.ordinal(), Feature.KV_USAGE.ordinal()));
        pairs.add(List.of(Feature.PENDING_TOKENS.ordinal(), Feature.PENDING_REQUESTS.ordinal()));
        return pairs.toString();
    }

    private static String constraints() {
        StringBuilder tuple = new StringBuilder("(");
        for (Feature feature : Feature.values()) {
            tuple.append(feature.isLoad() ? "1," : "0,");
        }
        return tuple.append("0,0)").toString();
    }

    /** Tribuo orders features by name: zero-padded numbers keep the schema's order. */
    private static String[] names() {
        String[] names = new String[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            names[i] = String.format("f%02d", i);
        }
        return names;
    }
}
