{{/*
metadata of an object. Takes (dict "root" $) with, if wanted, "suffix" for the name and "labels", "annotations" besides the usual.
*/}}
{{- define "service.metadata" -}}
name: {{ include "service.fullname" .root }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "service.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
