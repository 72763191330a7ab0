{{/* "true" when something else than the chart decides how many pods run. Refuses two who would. */}}
{{- define "service.scaled" -}}
{{- $byLag := and .Values.consumerLag .Values.consumerLag.enabled -}}
{{- if and $byLag .Values.autoscaling.enabled -}}
{{- include "service.fail" (dict "root" . "key" "consumerLag.enabled" "reason" "autoscaling.enabled is true too; two autoscalers would undo each other, choose one") -}}
{{- end -}}
{{- if or $byLag .Values.autoscaling.enabled -}}true{{- end -}}
{{- end -}}

{{/* How many pods there are at least. */}}
{{- define "service.minReplicas" -}}
{{- if eq (include "service.scaled" .) "" -}}
{{ .Values.replicas }}
{{- else if .Values.autoscaling.enabled -}}
{{ .Values.autoscaling.minReplicas }}
{{- else -}}
{{ .Values.consumerLag.minReplicas }}
{{- end -}}
{{- end -}}
