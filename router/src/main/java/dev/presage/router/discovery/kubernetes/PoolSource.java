package dev.presage.router.discovery.kubernetes;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the definition of the pool comes from. */
public sealed interface PoolSource {
    /** The pool's name, which objectives and rewrites refer to. */
    String name();

    /** The group that they give with it. */
    String group();

    /** An InferencePool. The older group stands in while the newer one is not served, unless the older one is asked for. */
    record Named(String name, String group) implements PoolSource {
        public Named {
            if (name.isBlank()) {
                throw new IllegalArgumentException("--pool-name must not be blank");
            }
            if (!group.equals(ApiKind.POOL_GROUP) && !group.equals(ApiKind.OLD_POOL_GROUP)) {
                throw new IllegalArgumentException(
                        "--pool-group " + group + " must be " + ApiKind.POOL_GROUP + " or " + ApiKind.OLD_POOL_GROUP);
            }
        }

        List<ApiKind> kinds() {
            return group.equals(ApiKind.POOL_GROUP)
                    ? List.of(ApiKind.POOL, ApiKind.OLD_POOL)
                    : List.of(ApiKind.OLD_POOL);
        }
    }

    /** No pool object: pods by a selector. */
    record Selected(String name, String group, PoolSpec pods) implements PoolSource {
        /** A Deployment's pod is {@code <deployment>-<hash>-<id>}. */
        private static final Pattern POD_NAME = Pattern.compile("(.+)-[^-]+-[^-]+");

        /**
         * Reads the flags of this mode.
         *
         * @param selector as {@code kubectl get -l} takes it
         * @param ports 1 to 8; repeated ones count once
         * @param podName the router's own pod, whose Deployment names the pool
         * @throws IllegalArgumentException naming the flag or variable that is wrong
         */
        public static Selected of(String selector, List<Integer> ports, String podName, String group) {
            Matcher pod = POD_NAME.matcher(podName);
            if (!pod.matches()) {
                throw new IllegalArgumentException("--endpoint-selector needs the environment variable POD_NAME to be"
                        + " <deployment>-<hash>-<id>, is \"" + podName + "\"");
            }
            PodSelector pods;
            try {
                pods = PodSelector.parse(selector);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--endpoint-selector " + e.getMessage(), e);
            }
            List<Integer> distinct = ports.stream().distinct().toList();
            if (distinct.isEmpty() || distinct.size() > PoolSpec.MAX_PORTS) {
                throw new IllegalArgumentException("--endpoint-target-ports needs 1.." + PoolSpec.MAX_PORTS
                        + " ports with --endpoint-selector, has " + distinct.size());
            }
            for (int port : distinct) {
                if (port < 1 || port > 65535) {
                    throw new IllegalArgumentException("--endpoint-target-ports must be within 1..65535, has " + port);
                }
            }
            return new Selected(pod.group(1), group, new PoolSpec(pods, distinct, Optional.empty()));
        }
    }
}
