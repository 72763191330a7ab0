{{/* What to look at after an installation. */}}
{{- define "service.notes" -}}
{{- $contract := include "service.contract" . | fromYaml -}}
{{- $name := include "service.fullname" . -}}
{{ $contract.app }} {{ .Values.image.tag }} is on its way to namespace {{ .Release.Namespace }}.

  kubectl -n {{ .Release.Namespace }} rollout status deployment/{{ $name }}
{{- if .Values.http }}
  kubectl -n {{ .Release.Namespace }} port-forward service/{{ $name }} 8080:{{ .Values.http.port }}
{{- end }}

It waits for
{{- if and $contract.kafkaUser (not .Values.kafka.existingSecret) }}
  Secret {{ include "service.kafkaSecret" . }}: made by the Strimzi Access Operator when KafkaUser {{ .Values.kafka.namespace }}/{{ $contract.kafkaUser }} is there
{{- end }}
{{- if $contract.database }}
  Secret {{ include "service.databaseSecret" . }}, key {{ .Values.database.secret.key }}: made by the chart postgres
{{- end }}
{{- if $contract.schemaRegistry }}
  the schemas in {{ .Values.schemaRegistry.url }}
{{- end }}
{{- range $contract.calls }}
  the Service of {{ . }}, for what it shows; not to start
{{- end }}
{{- if not .Values.networkPolicy.enabled }}

networkPolicy.enabled is false: every pod of the cluster can speak with it.
{{- end }}
{{- end -}}
