{{/*
The ScaledObject of KEDA, one trigger a consumer group, and the TriggerAuthentication with which it asks: as the app's own user,
whose rights to its groups and topics include Describe.
*/}}
{{- define "service.scaledObject" -}}
{{- $lag := .Values.consumerLag -}}
{{- if $lag.enabled -}}
{{- $contract := include "service.contract" . | fromYaml -}}
{{- if lt (int $lag.maxReplicas) (int $lag.minReplicas) -}}
{{- include "service.fail" (dict "root" . "key" "consumerLag.maxReplicas" "reason" (printf "%d is below consumerLag.minReplicas %d" (int $lag.maxReplicas) (int $lag.minReplicas))) -}}
{{- end -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "service.metadata" (dict "root" .) | nindent 2 }}
spec:
  scaleTargetRef:
    name: {{ include "service.fullname" . }}
  minReplicaCount: {{ $lag.minReplicas }}
  maxReplicaCount: {{ $lag.maxReplicas }}
  cooldownPeriod: {{ $lag.cooldownSeconds }}
  triggers:
    {{- range $group := $contract.consumerGroups }}
    {{- range $topic := $group.topics }}
    - type: kafka
      metadata:
        bootstrapServers: {{ $.Values.kafka.cluster }}-kafka-bootstrap.{{ $.Values.kafka.namespace }}.svc:{{ $.Values.kafka.port }}
        consumerGroup: {{ $group.name }}
        topic: {{ $topic }}
        lagThreshold: {{ include "service.envValue" $lag.threshold | quote }}
        offsetResetPolicy: earliest
        sasl: scram_sha512
        tls: enable
      authenticationRef:
        name: {{ include "service.fullname" $ }}
    {{- end }}
    {{- end }}
---
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  {{- include "service.metadata" (dict "root" .) | nindent 2 }}
spec:
  secretTargetRef:
    - parameter: username
      name: {{ include "service.kafkaSecret" . }}
      key: username
    - parameter: password
      name: {{ include "service.kafkaSecret" . }}
      key: password
    - parameter: ca
      name: {{ include "service.kafkaSecret" . }}
      key: ssl.truststore.crt
{{- end -}}
{{- end -}}
