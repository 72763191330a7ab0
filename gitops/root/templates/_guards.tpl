{{/* The applications that are not switched off. */}}
{{- define "root.enabled" -}}
{{- $enabled := dict }}
{{- range $name, $app := .Values.applications }}
{{- if ne $app.enabled false }}
{{- $_ := set $enabled $name $app }}
{{- end }}
{{- end }}
{{- toYaml $enabled }}
{{- end }}

{{/* Refuses an inventory that cannot be what somebody means: one line with application, key and reason. */}}
{{- define "root.guard" -}}
{{- $enabled := include "root.enabled" . | fromYaml }}
{{- range $name, $app := $enabled }}
{{- if not (hasKey $.Values.projects $app.project) }}
{{- fail (printf "applications.%s.project: there is no project %q; projects: %s" $name $app.project (keys $.Values.projects | sortAlpha | join ", ")) }}
{{- end }}
{{- range $namespace := prepend (default list $app.alsoNamespaces) $app.namespace }}
{{- if and (ne $namespace "argocd") (not (hasKey $.Values.namespaces $namespace)) }}
{{- fail (printf "applications.%s.namespace: there is no namespace %q; namespaces: %s" $name $namespace (keys $.Values.namespaces | sortAlpha | join ", ")) }}
{{- end }}
{{- end }}
{{- range $need := $app.needs }}
{{- if not (hasKey $.Values.applications $need) }}
{{- fail (printf "applications.%s.needs: there is no application %q" $name $need) }}
{{- end }}
{{- if not (hasKey $enabled $need) }}
{{- fail (printf "applications.%s.needs: %q is switched off; switch it on, or %s off" $name $need $name) }}
{{- end }}
{{- $before := get $enabled $need }}
{{- if ge (int $before.wave) (int $app.wave) }}
{{- fail (printf "applications.%s.wave: %d is not after wave %d of %s, which it needs" $name (int $app.wave) (int $before.wave) $need) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
