{{/* A value as an environment variable holds it: lists separated by commas, whole numbers in digits (YAML's are floats). */}}
{{- define "service.envValue" -}}
{{- if kindIs "slice" . -}}
{{ join "," . }}
{{- else if and (kindIs "float64" .) (eq . (floor .)) -}}
{{ printf "%.0f" . }}
{{- else -}}
{{ . }}
{{- end -}}
{{- end -}}

{{/* The Secret with the URL of the database. */}}
{{- define "service.databaseSecret" -}}
{{- .Values.database.secret.name | default (printf "%s-database" (include "service.contract" . | fromYaml).app) -}}
{{- end -}}

{{/* The variables of the app: those that follow from other values, then those of `config`, by name. */}}
{{- define "service.env" -}}
{{- $contract := include "service.contract" . | fromYaml -}}
- name: HOST
  value: 0.0.0.0
- name: PORT
  value: "8080"
# preStop has kept new connections away; now each answer ends the connection it comes by, before those that are left are closed. A tenth of the deadline.
- name: SHUTDOWN_DRAIN_MS
  value: {{ mul .Values.shutdown.deadlineSeconds 100 | quote }}
- name: SHUTDOWN_DEADLINE_MS
  value: {{ mul .Values.shutdown.deadlineSeconds 1000 | quote }}
{{- if $contract.kafkaUser }}
- name: KAFKA_CREDENTIALS_DIR
  value: /var/run/secrets/kafka
{{- end }}
{{- if $contract.schemaRegistry }}
- name: SCHEMA_REGISTRY_URL
  value: {{ .Values.schemaRegistry.url | quote }}
{{- end }}
{{- if $contract.database }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "service.databaseSecret" . }}
      key: {{ .Values.database.secret.key }}
{{- end }}
{{- range $name, $value := .Values.config }}
- name: {{ $name }}
  value: {{ include "service.envValue" $value | quote }}
{{- end }}
{{- end -}}
