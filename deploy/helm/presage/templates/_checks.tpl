{{/* What a schema cannot say. Included once, by the router's Deployment. */}}
{{- define "presage.checks" -}}
{{- if .Values.router }}
{{- fail "router: the values of llm-d's chart have other names here: router.epp is inferenceExtension, router.inferencePool and router.modelServers are inferencePool (.modelServers.matchLabels, .targetPorts, .modelServerType), router.inferenceObjectives is inferenceObjectives, router.monitoring and router.tracing are in inferenceExtension; router.latencyPredictor is built in" }}
{{- end }}
{{- if not .Values.inferencePool.modelServers.matchLabels }}
{{- fail "inferencePool.modelServers.matchLabels: the labels of the model servers' pods are required, for example --set inferencePool.modelServers.matchLabels.app=my-model" }}
{{- end }}
{{- with .Values.inferenceExtension }}
{{- if .sidecar.enabled }}
{{- fail "inferenceExtension.sidecar.enabled: the chart puts no proxy beside the router; deploy/examples/envoy.yaml is one" }}
{{- end }}
{{- if not (has .monitoring.provider.name (list "" "prometheusoperator")) }}
{{- fail (printf "inferenceExtension.monitoring.provider.name: only prometheusoperator is made, is %s" .monitoring.provider.name) }}
{{- end }}
{{- end }}
{{- with .Values.store.s3 }}
{{- if and (not .bucket) (or .endpoint .region .credentialsSecret) }}
{{- fail "store.s3.bucket: required with store.s3.endpoint, region or credentialsSecret" }}
{{- end }}
{{- end }}
{{- range $flag := list "dir" "s3" "s3-endpoint" "s3-region" "port" "address" "advertise-url" "bootstrap-servers" "token-file" "tls-cert" "tls-key" "kafka-config" "policies" "router" "router-token-file" }}
{{- if hasKey $.Values.store.flags $flag }}
{{- fail (printf "store.flags: the chart sets --%s itself" $flag) }}
{{- end }}
{{- end }}
{{- if and .Values.store.s3.bucket (not .Values.store.s3.region) (not .Values.store.s3.endpoint) }}
{{- fail "store.s3.region: required with store.s3.bucket" }}
{{- end }}
{{- $config := .Values.inferenceExtension.pluginsConfigFile }}
{{- if and .Values.inferenceExtension.pluginsCustomConfig (not (hasKey .Values.inferenceExtension.pluginsCustomConfig $config)) }}
{{- fail (printf "inferenceExtension.pluginsConfigFile: %s is not among the keys of inferenceExtension.pluginsCustomConfig (%s)" $config (keys .Values.inferenceExtension.pluginsCustomConfig | sortAlpha | join ", ")) }}
{{- end }}
{{- if and .Values.learning.enabled (eq .Values.kafka.mode "external") (not .Values.kafka.external.bootstrapServers) }}
{{- fail "kafka.external.bootstrapServers: required with kafka.mode=external" }}
{{- end }}
{{- if and (include "presage.elects" .) .Values.inferenceExtension.autoscaling.enabled }}
{{- fail "inferenceExtension.autoscaling.enabled: with leader election only one router serves; choose one of the two" }}
{{- end }}
{{- with .Values.inferenceExtension.tls }}
{{- if and (eq .mode "secret") (not .secretName) }}
{{- fail "inferenceExtension.tls.secretName: required with mode=secret" }}
{{- end }}
{{- if and (eq .mode "certManager") (not .issuerRef.name) }}
{{- fail "inferenceExtension.tls.issuerRef.name: required with mode=certManager" }}
{{- end }}
{{- end }}
{{- range $flag := list "config-file" "config-text" "pool-name" "pool-namespace" "endpoint-selector" "endpoint-target-ports" "bootstrap-servers" "model-store" "data-dir" "cert-path" "grpc-port" "grpc-health-port" "metrics-port" }}
{{- if hasKey $.Values.inferenceExtension.flags $flag }}
{{- fail (printf "inferenceExtension.flags: the chart sets --%s itself" $flag) }}
{{- end }}
{{- end }}
{{- end }}
