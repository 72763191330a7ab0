{{/* The image, by tag and, when there is one, by digest: the digest decides, the tag tells people which version it is. */}}
{{- define "service.image" -}}
{{- with .Values.image -}}
{{ .repository }}:{{ .tag }}{{ with .digest }}@{{ . }}{{ end }}
{{- end -}}
{{- end -}}
