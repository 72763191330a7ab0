{{/* The Secret with what the app needs to speak with Kafka. */}}
{{- define "service.kafkaSecret" -}}
{{- .Values.kafka.existingSecret | default (printf "%s-kafka" (include "service.fullname" .)) -}}
{{- end -}}

{{/*
The KafkaAccess by which the Strimzi Access Operator keeps that Secret. The user is always the app's own: no value leads to the
rights of another.
*/}}
{{- define "service.kafkaAccess" -}}
{{- if not .Values.kafka.existingSecret -}}
{{- $contract := include "service.contract" . | fromYaml -}}
apiVersion: access.strimzi.io/v1alpha1
kind: KafkaAccess
metadata:
  {{- include "service.metadata" (dict "root" . "suffix" "kafka") | nindent 2 }}
spec:
  kafka:
    name: {{ .Values.kafka.cluster }}
    namespace: {{ .Values.kafka.namespace }}
    listener: {{ .Values.kafka.listener }}
  user:
    kind: KafkaUser
    apiGroup: kafka.strimzi.io
    name: {{ $contract.kafkaUser }}
    namespace: {{ .Values.kafka.namespace }}
{{- end -}}
{{- end -}}
