package dev.presage.trainer.learn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.presage.store.proto.Forest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.util.ArrayDeque;
import java.util.Deque;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Turns a trained booster into the flat forest that the router evaluates, from its documented JSON model format. */
final class BoosterExport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Visit(int source, int target) {}

    private BoosterExport() {}

    static Forest forest(Booster booster) throws XGBoostError {
        JsonNode learner;
        try {
            learner = JSON.readTree(booster.toByteArray("json")).path("learner");
        } catch (IOException e) {
            throw new UncheckedIOException("the booster's JSON form is malformed", e);
        } finally {
            // Its finalizer frees the native model, also while native code still writes it out.
            Reference.reachabilityFence(booster);
        }
        Forest.Builder forest = Forest.newBuilder()
                .setBase(learner.path("learner_model_param").path("base_score").asDouble());
        for (JsonNode tree : learner.path("gradient_booster").path("model").path("trees")) {
            add(tree, forest);
        }
        return forest.build();
    }

    /** Appends one tree breadth first, so that siblings stand side by side and children behind their parent. */
    private static void add(JsonNode tree, Forest.Builder forest) {
        JsonNode left = tree.path("left_children");
        JsonNode right = tree.path("right_children");
        JsonNode feature = tree.path("split_indices");
        JsonNode condition = tree.path("split_conditions");
        Deque<Visit> open = new ArrayDeque<>();
        forest.addRoot(append(forest));
        open.add(new Visit(0, forest.getFeatureCount() - 1));
        while (!open.isEmpty()) {
            Visit at = open.poll();
            int child = left.get(at.source()).asInt();
            float value = condition.get(at.source()).floatValue();
            if (child < 0) {
                forest.setLeaf(at.target(), value);
                continue;
            }
            int first = append(forest);
            append(forest);
            forest.setFeature(at.target(), feature.get(at.source()).asInt());
            forest.setThreshold(at.target(), value);
            forest.setLeft(at.target(), first);
            open.add(new Visit(child, first));
            open.add(new Visit(right.get(at.source()).asInt(), first + 1));
        }
    }

    private static int append(Forest.Builder forest) {
        forest.addFeature(-1).addThreshold(0).addLeft(0).addLeaf(0);
        return forest.getFeatureCount() - 1;
    }
}
