{{/* The profile that holds, as YAML. */}}
{{- define "postgres.profile" -}}
{{- toYaml (index .Values.profiles .Values.profile) -}}
{{- end -}}

{{/* The Secret of a database. Takes an entry of databases. */}}
{{- define "postgres.secret" -}}
{{- .existingSecret | default (printf "%s-database" .name) -}}
{{- end -}}

{{/* So that Argo CD asks before it deletes. */}}
{{- define "postgres.confirm" -}}
{{- $profile := fromYaml (include "postgres.profile" .) -}}
{{- if $profile.confirmDeletion -}}
argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm
{{- end -}}
{{- end -}}

{{/* Refuses what would not work, or only as long as nothing happens. */}}
{{- define "postgres.check" -}}
{{- $profile := fromYaml (include "postgres.profile" .) -}}
{{- if ge (int $profile.synchronousReplicas) (int $profile.instances) -}}
{{- include "service.fail" (dict "root" . "key" (printf "profiles.%s.synchronousReplicas" .Values.profile) "reason" (printf "%d copies of %d instances can never be reached; set it to %d or lower" (int $profile.synchronousReplicas) (int $profile.instances) (sub $profile.instances 1))) -}}
{{- end -}}
{{- $names := dict -}}
{{- range $index, $database := .Values.databases -}}
{{- if hasKey $names $database.name -}}
{{- include "service.fail" (dict "root" $ "key" (printf "databases[%d].name" $index) "reason" (printf "%s is there already; an app has one database" $database.name)) -}}
{{- end -}}
{{- $_ := set $names $database.name true -}}
{{- end -}}
{{- if and (eq .Values.tls.sslmode "verify-full") (not .Values.tls.rootCert) -}}
{{- include "service.fail" (dict "root" . "key" "tls.rootCert" "reason" "is missing; verify-full needs the path of the authority's certificate") -}}
{{- end -}}
{{- if .Values.backup.enabled -}}
{{- range $key := list "destinationPath" "secretName" -}}
{{- if not (index $.Values.backup $key) -}}
{{- include "service.fail" (dict "root" $ "key" (printf "backup.%s" $key) "reason" "is missing; backup.enabled needs it") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
