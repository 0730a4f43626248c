{{/* What a schema cannot say. Included once, by the router's Deployment. */}}
{{- define "presage.checks" -}}
{{- if .Values.router }}
{{- fail "router: the values of llm-d's chart have other names here: router.epp is inferenceExtension, router.inferencePool and router.modelServers are inferencePool (.modelServers.matchLabels, .targetPorts, .modelServerType), router.inferenceObjectives is inferenceObjectives, router.monitoring and router.tracing are in inferenceExtension; router.latencyPredictor is built in" }}
{{- end }}
{{- if not .Values.inferencePool.modelServers.matchLabels }}
{{- fail "inferencePool.modelServers.matchLabels: the labels of the model servers' pods are required, for example --set inferencePool.modelServers.matchLabels.app=my-model" }}
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
