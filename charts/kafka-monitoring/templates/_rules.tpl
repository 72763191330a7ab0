{{/*
The values that fill [[name]] in the files of rules, by name; thresholds and namespaces have one level of groups.
*/}}
{{- define "kafka-monitoring.fillings" -}}
{{- range $name, $value := .Values.thresholds }}
{{- if kindIs "map" $value }}
{{- range $inner, $innerValue := $value }}
{{ printf "%s.%s" $name $inner }}: {{ include "kafka-monitoring.text" $innerValue }}
{{- end }}
{{- else }}
{{ $name }}: {{ include "kafka-monitoring.text" $value }}
{{- end }}
{{- end }}
{{- range $name, $value := .Values.namespaces }}
namespaces.{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* A number as PromQL reads it, in quotes; YAML's numbers are floats, and 26843545 would become 2.6843545e+07. */}}
{{- define "kafka-monitoring.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) -}}
{{ printf "%.0f" . | quote }}
{{- else -}}
{{ toString . | quote }}
{{- end -}}
{{- end -}}

{{/* The groups of one file of rules as YAML: filled, without what is switched off, each alert with its runbook. Takes (dict "root" $ "path" "rules/x.yaml"). */}}
{{- define "kafka-monitoring.groups" -}}
{{- $root := .root -}}
{{- $text := $root.Files.Get .path -}}
{{- range $name, $value := include "kafka-monitoring.fillings" $root | fromYaml -}}
{{- $text = replace (printf "[[%s]]" $name) $value $text -}}
{{- end -}}
{{- $groups := list -}}
{{- range (fromYaml $text).groups -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- if not .alert -}}
{{- $rules = append $rules . -}}
{{- else if not (has .alert $root.Values.rules.disabled) -}}
{{- $annotations := merge (dict "runbook_url" (printf "%s/%s.md" $root.Values.runbooks.baseUrl .alert)) .annotations -}}
{{- $rules = append $rules (merge (dict "annotations" $annotations) .) -}}
{{- end -}}
{{- end -}}
{{- if $rules -}}
{{- $groups = append $groups (dict "name" .name "rules" $rules) -}}
{{- end -}}
{{- end -}}
{{- if $groups -}}
{{ toYaml $groups }}
{{- end -}}
{{- end -}}

{{/* Ends the render where a name that is to be switched off is none. */}}
{{- define "kafka-monitoring.check" -}}
{{- $groups := list -}}
{{- $alerts := list -}}
{{- range $path, $_ := .Files.Glob "rules/*.yaml" -}}
{{- $groups = append $groups (base $path | trimSuffix ".yaml") -}}
{{- range ($.Files.Get $path | fromYaml).groups -}}
{{- range .rules -}}
{{- if .alert -}}{{- $alerts = append $alerts .alert -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range .Values.rules.disabled -}}
{{- if not (has . $alerts) -}}
{{- include "service.fail" (dict "root" $ "key" "rules.disabled" "reason" (printf "there is no alert %q; alerts: %s" . (join ", " $alerts))) -}}
{{- end -}}
{{- end -}}
{{- range .Values.rules.disabledGroups -}}
{{- if not (has . $groups) -}}
{{- include "service.fail" (dict "root" $ "key" "rules.disabledGroups" "reason" (printf "there is no group %q; groups: %s" . (join ", " $groups))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
