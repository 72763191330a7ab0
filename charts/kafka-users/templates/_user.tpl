{{/* Refuses rights on everything. Takes (dict "root" $ "key" "users[0] (store)" "acls" its-acls). */}}
{{- define "kafka-users.check" -}}
{{- range $index, $acl := .acls -}}
{{- $key := printf "%s.acls[%d].resource.name" $.key $index -}}
{{- if contains "*" $acl.resource.name -}}
{{- include "service.fail" (dict "root" $.root "key" $key "reason" (printf "%q stands for every %s; write the names down" $acl.resource.name $acl.resource.type)) -}}
{{- end -}}
{{- if and (not $acl.resource.name) (eq $acl.resource.patternType "prefix") -}}
{{- include "service.fail" (dict "root" $.root "key" $key "reason" (printf "an empty prefix stands for every %s; write at least the beginning that they share" $acl.resource.type)) -}}
{{- else if not $acl.resource.name -}}
{{- include "service.fail" (dict "root" $.root "key" $key "reason" (printf "is empty; write the name of the %s" $acl.resource.type)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
