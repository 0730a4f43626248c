package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/** A namespaced kind and where the API server has it; the core group is the empty one. */
record ApiKind(String group, String version, String plural, String kind) {
    static final String POOL_GROUP = "inference.networking.k8s.io";
    static final String OLD_POOL_GROUP = "inference.networking.x-k8s.io";
    private static final String RULES_GROUP = "llm-d.ai";
    private static final String ALPHA = "v1alpha2";

    static final ApiKind POD = new ApiKind("", "v1", "pods", "Pod");
    static final ApiKind CONFIG_MAP = new ApiKind("", "v1", "configmaps", "ConfigMap");
    static final ApiKind POOL = new ApiKind(POOL_GROUP, "v1", "inferencepools", "InferencePool");
    static final ApiKind OLD_POOL = new ApiKind(OLD_POOL_GROUP, ALPHA, "inferencepools", "InferencePool");
    /** InferenceModel: names, criticality and traffic split in one, before objectives and rewrites were. */
    static final ApiKind OLD_MODEL = new ApiKind(OLD_POOL_GROUP, ALPHA, "inferencemodels", "InferenceModel");

    static final List<ApiKind> OBJECTIVES = inBothGroups("inferenceobjectives", "InferenceObjective");
    static final List<ApiKind> REWRITES = inBothGroups("inferencemodelrewrites", "InferenceModelRewrite");

    private static List<ApiKind> inBothGroups(String plural, String kind) {
        return List.of(new ApiKind(RULES_GROUP, ALPHA, plural, kind), new ApiKind(OLD_POOL_GROUP, ALPHA, plural, kind));
    }

    /** Where the API server lists what a group version has. */
    String groupVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withPlural(plural)
                .withKind(kind)
                .withNamespaced(true)
                .build();
    }
}
