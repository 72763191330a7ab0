{{/*
What the app needs and what needs it, from its code and its AsyncAPI document (contract.generated.yaml of its chart), as YAML.
*/}}
{{- define "service.contract" -}}
{{- .Files.Get "contract.generated.yaml" | required (printf "%s: contract.generated.yaml: is missing; npm run generate" .Chart.Name) -}}
{{- end -}}
