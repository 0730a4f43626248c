{{- define "presage.name" -}}
{{ .Release.Name }}-epp
{{- end }}

{{/* Labels of a component: dict "root" $ "component" "epp". */}}
{{- define "presage.selectorLabels" -}}
app.kubernetes.io/name: presage
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "presage.labels" -}}
{{ include "presage.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "presage.image" -}}
{{- with .Values.inferenceExtension.image }}{{ .registry | default .hub }}/{{ .repository | default .name }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "presage.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "presage.name" .) }}
{{- end }}

{{- define "presage.elects" -}}
{{- if or .Values.inferenceExtension.leaderElection (eq (toString (index .Values.inferenceExtension.flags "ha-enable-leader-election")) "true") }}true{{ end }}
{{- end }}

{{/* The pool's name in events and models: the InferencePool, or what the router makes of its pod's name. */}}
{{- define "presage.pool" -}}
{{- if .Values.inferencePool.create }}{{ .Release.Name }}{{ else }}{{ include "presage.name" . }}{{ end }}
{{- end }}

{{- define "presage.bootstrap" -}}
{{- if eq .Values.kafka.mode "single" }}{{ .Release.Name }}-kafka:9092{{ else }}{{ .Values.kafka.external.bootstrapServers }}{{ end }}
{{- end }}

{{- define "presage.storeUrl" -}}
https://{{ .Release.Name }}-store:7070
{{- end }}

{{- define "presage.kafkaProperties" -}}
{{- if and (eq .Values.kafka.mode "external") .Values.kafka.external.propertiesSecret }}true{{ end }}
{{- end }}

{{- define "presage.tokenSecret" -}}
{{ .Values.store.tokenSecret | default (printf "%s-store-token" .Release.Name) }}
{{- end }}

{{- define "presage.storeTlsSecret" -}}
{{ .Values.store.tlsSecret | default (printf "%s-store-tls" .Release.Name) }}
{{- end }}

{{- /* What the store's clients mount: the authority, not the key. */}}
{{- define "presage.storeCaVolume" -}}
- {name: store-ca, secret: {secretName: {{ include "presage.storeTlsSecret" . }}, items: [{key: ca.crt, path: ca.crt}]}}
{{- end }}

{{- define "presage.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "presage.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Mount and volume of Kafka's client properties. */}}
{{- define "presage.kafkaMount" -}}
{{- if include "presage.kafkaProperties" . }}
- {name: kafka, mountPath: /etc/presage/kafka, readOnly: true}
{{- end }}
{{- end }}
{{- define "presage.kafkaVolume" -}}
{{- if include "presage.kafkaProperties" . }}
- {name: kafka, secret: {secretName: {{ .Values.kafka.external.propertiesSecret }}}}
{{- end }}
{{- end }}
