{{/*
Ends the render with one line that names chart, key and reason. For what a JSON schema cannot say.
Takes (dict "root" $ "key" "path.of.the.value" "reason" "what is wrong; what to do").
*/}}
{{- define "service.fail" -}}
{{- fail (printf "%s: %s: %s" .root.Chart.Name .key .reason) -}}
{{- end -}}
