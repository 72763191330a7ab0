{{/* The image, by tag and, when there is one, by digest: the digest decides, the tag tells people which version it is. */}}
{{- define "service.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end -}}
