{{/* None for a single pod: it could only keep its node from ever being drained. */}}
{{- define "service.podDisruptionBudget" -}}
{{- if and .Values.podDisruptionBudget.enabled (gt (include "service.minReplicas" . | int) 1) -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "service.metadata" (dict "root" .) | nindent 2 }}
spec:
  maxUnavailable: {{ .Values.podDisruptionBudget.maxUnavailable }}
  # A pod that is not ready does not serve: to keep it would only keep its node.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "service.selectorLabels" . | nindent 6 }}
{{- end -}}
{{- end -}}
