{{/* The profile that holds, as YAML. */}}
{{- define "postgres.profile" -}}
{{- toYaml (index .Values.profiles .Values.profile) -}}
{{- end -}}

{{/* The Secret of a database. Takes an entry of databases. */}}
{{- define "postgres.secret" -}}
{{- .existingSecret | default (printf "%s-database" .name) -}}
{{- end -}}

{{/* Whether a password of its own is made for a database on the cluster. Takes root and database. */}}
{{- define "postgres.generates" -}}
{{- if not (or .database.existingSecret (hasKey .root.Values.passwords.sealed .database.name)) -}}
true
{{- end -}}
{{- end -}}

{{/* What the Secret of a database holds besides the password, which an operator writes for `password`. Takes root, database and password. */}}
{{- define "postgres.secretData" -}}
{{- $values := .root.Values -}}
{{- $query := printf "sslmode=%s" $values.tls.sslmode -}}
{{- if eq $values.tls.sslmode "verify-full" -}}
{{- $query = printf "%s&sslrootcert=%s" $query $values.tls.rootCert -}}
{{- end -}}
username: {{ .database.name }}
uri: 'postgresql://{{ .database.name }}:{{ .password }}@{{ $values.clusterName }}-rw.{{ .root.Release.Namespace }}.svc:5432/{{ .database.name }}?{{ $query }}'
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
{{- if and $database.existingSecret (hasKey $.Values.passwords.sealed $database.name) -}}
{{- include "service.fail" (dict "root" $ "key" (printf "passwords.sealed.%s" $database.name) "reason" (printf "is never used: somebody else makes the Secret %s; remove one of the two" $database.existingSecret)) -}}
{{- end -}}
{{- end -}}
{{- range $name := keys .Values.passwords.sealed | sortAlpha -}}
{{- if not (hasKey $names $name) -}}
{{- include "service.fail" (dict "root" $ "key" (printf "passwords.sealed.%s" $name) "reason" (printf "there is no such database; databases: %s" (keys $names | sortAlpha | join ", "))) -}}
{{- end -}}
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
