package dev.presage.router.config;

import java.util.Arrays;
import java.util.stream.Stream;

/** The plugin types that a configuration may name, with the parameters that each takes. */
final class PluginCatalog {
    private static final String NONE = "has no effect yet";
    private static final String BUILT_IN = "";
    private static final String LEARNED = "is replaced by the built-in learned policy; its parameters have no effect";

    /** One type a line: name, alpha mark, parameters. */
    private static final String HONOURED = """
            presage-policy: policy fallback explorationShare explorationMaxExtraMs explorationMaxExtraRatio maxModelAge
            file-discovery: path watchFile
            metrics-data-source: scheme path port insecureSkipVerify caCertPath clientCertPath clientKeyPath interval
            core-metrics-extractor: engineLabelKey defaultEngine engineConfigs
            queue-scorer:
            kv-cache-utilization-scorer:
            prefix-cache-scorer: prefixMatchInfoProducerName matchLengthWeight matchLengthScaleTokens
            max-score-picker: maxNumOfEndpoints
            single-profile-handler:
            approx-prefix-cache-producer: autoTune blockSizeTokens blockSize maxPrefixTokensToMatch \
            maxPrefixBlocksToMatch lruCapacityPerServer
            inflight-load-producer: addEstimatedOutputTokens outputRatio maxEstimatedOutputTokens \
            prefixMatchInfoProducerName syncCrossReplicaState
            openai-parser:
            passthrough-parser:
            """;

    private static final String PREDICTED = """
            predicted-latency-producer: samplingMean maxDecodeTokenSamplesForPrediction sloBufferFactor contextTTL \
            streamingMode endpointRoleLabel predictInProduce prefixMatchInfoProducerName inFlightLoadProducerName \
            encoderCacheMatchInfoProducerName useEncoderCacheFeatures
            latency-scorer: ttftWeight tpotWeight headroomSelectionStrategy compositeKVWeight compositeQueueWeight \
            compositePrefixWeight latencyPredictionInfoProducerName prefixMatchInfoProducerName \
            inFlightLoadProducerName
            slo-headroom-tier-filter: epsilonExploreNeg latencyPredictionInfoProducerName
            prefix-cache-affinity-filter: affinityThreshold explorationProbability maxTTFTPenaltyMs ttftSource \
            peakPrefillThroughput prefixMatchInfoProducerName inFlightLoadProducerName \
            latencyPredictionInfoProducerName
            """;

    private static final String WITHOUT_EFFECT = """
            disagg-profile-handler: stageOrder profiles deciders
            header-profile-handler: ! headerName defaultProfile
            data-parallel-profile-handler: primaryPort
            pd-profile-handler: *
            disagg-headers-handler: *
            prefill-header-handler: *
            prefix-based-pd-decider: nonCachedTokens promptTokens
            always-disagg-pd-decider:
            always-disagg-multimodal-decider:
            decode-filter:
            prefill-filter:
            encode-filter:
            label-selector-filter: matchLabels matchExpressions
            by-label-selector: matchLabels matchExpressions
            by-label: label validValues allowsNoLabel
            utilization-filter: ! conditions fallbackOnEmpty
            endpoint-attribute-filter: ! attribute producer onMissing fallbackOnEmpty algorithm
            session-affinity-filter: ! strategy header sources evictionTtlSeconds evictionSweepSeconds profileName \
            session_id encoded_endpoint_header
            topology-affinity-filter: ! minAffinity
            context-length-aware: label enableFiltering
            header-based-testing-filter:
            multicluster-session-affinity-filter: ! *
            running-requests-size-scorer:
            lora-affinity-scorer:
            active-request-scorer: idleThreshold maxBusyScore inFlightLoadProducerName
            token-load-scorer: queueThresholdTokens inFlightLoadProducerName
            load-aware-scorer: threshold
            session-affinity-scorer: *
            no-hit-lru-scorer: *
            random-picker: maxNumOfEndpoints
            weighted-random-picker: maxNumOfEndpoints
            token-producer: vllm estimate modelName udsTokenizerConfig
            tokenizer: vllm estimate modelName udsTokenizerConfig
            precise-prefix-cache-producer: tokenProcessorConfig indexerConfig kvEventsConfig speculativeIndexing \
            speculativeTTL
            burst-prefix-cache-producer: ! windowDurationMs maxPerReplica blockSizeTokens maxPrefixTokensToMatch \
            minColocateBlocks maxBatchSize balanceBy
            mm-embeddings-cache-producer: cacheSizeInMBPerServer
            session-id-producer: headerName cookieName
            p2p-source-producer: ! prefixMatchInfoProducerName minCachedTokenDelta prefillProfileName
            multicluster-approx-prefix-cache-producer: ! *
            latency-slo-admitter: *
            probabilistic-admitter: queueDepthThreshold kvCacheUtilThreshold power k
            disaggregatedset-rollout-screener: ! scope headerSelectors revisionGating
            agent-identity: ! additionalSessionHeaders
            request-attribute-reporter: attributes
            destination-endpoint-served-verifier:
            global-strict-fairness-policy:
            round-robin-fairness-policy:
            program-aware-fairness: strategy lasWeightService lasWeightHeadWait lasHalfLifeSeconds \
            evictionTtlSeconds evictionSweepSeconds
            fcfs-ordering-policy:
            edf-ordering-policy:
            slo-deadline-ordering-policy:
            static-usage-limit-policy: threshold
            priority-holdback-policy: ! shape domain minCeiling maxCeiling
            soft-reflective-ceiling-policy: ! *
            utilization-detector: queueDepthThreshold kvCacheUtilThreshold metricsStalenessThreshold headroom
            concurrency-detector: concurrencyMode maxConcurrency maxTokenConcurrency headroom
            anthropic-parser:
            vllmhttp-parser:
            sglanghttp-parser:
            vllmgrpc-parser:
            vertexai-parser:
            models-data-source: *
            dcgm-data-source: ! *
            multicluster-metrics-data-source: ! *
            k8s-notification-source: *
            endpoint-notification-source: *
            models-data-extractor: *
            dcgm-extractor: ! *
            topology-extractor: ! *
            multicluster-metrics-extractor: ! *
            multicluster-file-discovery: ! *
            """;

    private PluginCatalog() {}

    static Stream<PluginType> read() {
        return Stream.of(read(HONOURED, BUILT_IN), read(PREDICTED, LEARNED), read(WITHOUT_EFFECT, NONE))
                .flatMap(types -> types);
    }

    private static Stream<PluginType> read(String table, String effect) {
        return table.lines().map(line -> {
            String[] words = line.split("[: ]+");
            boolean alpha = words.length > 1 && words[1].equals("!");
            return PluginType.of(words[0], alpha, effect, Arrays.copyOfRange(words, alpha ? 2 : 1, words.length));
        });
    }
}
