{{/* The three probes. Takes (dict "root" $ "live" "/path" "ready" "/path" "port" "http"). */}}
{{- define "service.probes" -}}
{{- $probes := .root.Values.probes -}}
startupProbe:
  httpGet:
    path: {{ .live }}
    port: {{ .port }}
  {{- toYaml $probes.startup | nindent 2 }}
livenessProbe:
  httpGet:
    path: {{ .live }}
    port: {{ .port }}
  {{- toYaml $probes.liveness | nindent 2 }}
readinessProbe:
  httpGet:
    path: {{ .ready }}
    port: {{ .port }}
  {{- toYaml $probes.readiness | nindent 2 }}
{{- end -}}
