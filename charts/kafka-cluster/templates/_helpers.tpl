{{/* The profile that holds, as YAML. */}}
{{- define "kafka-cluster.profile" -}}
{{- toYaml (index .Values.profiles .Values.profile) -}}
{{- end -}}

{{/*
Labels of the resources whose labels Strimzi copies to pods. A label that changes with each version of this chart would roll all brokers.
*/}}
{{- define "kafka-cluster.stableLabels" -}}
{{- omit (fromYaml (include "service.labels" .)) "helm.sh/chart" | toYaml -}}
{{- end -}}

{{/* So that Argo CD asks before it deletes. Takes the root context. */}}
{{- define "kafka-cluster.confirm" -}}
{{- $profile := fromYaml (include "kafka-cluster.profile" .) -}}
{{- if $profile.confirmDeletion -}}
argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm
{{- end -}}
{{- end -}}

{{/* Strimzi's images have their own user; root's group owns their files. */}}
{{- define "kafka-cluster.podSecurityContext" -}}
runAsNonRoot: true
fsGroup: 0
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* The restricted profile, but for the root file system: Strimzi's images write their configuration there. */}}
{{- define "kafka-cluster.containerSecurityContext" -}}
allowPrivilegeEscalation: false
runAsNonRoot: true
capabilities:
  drop:
    - ALL
{{- end -}}

{{/* Refuses what Kafka would accept and regret. */}}
{{- define "kafka-cluster.check" -}}
{{- $profile := fromYaml (include "kafka-cluster.profile" .) -}}
{{- $key := printf "profiles.%s" .Values.profile -}}
{{- $line := regexFind "^[0-9]+[.][0-9]+" .Values.version.kafka -}}
{{- $metadata := regexFind "^[0-9]+[.][0-9]+" .Values.version.metadata -}}
{{- if semverCompare (printf ">%s.0" $line) (printf "%s.0" $metadata) -}}
{{- include "service.fail" (dict "root" . "key" "version.metadata" "reason" (printf "%s is newer than Kafka %s, which cannot read it; raise version.kafka first, and the metadata when nobody will go back" .Values.version.metadata .Values.version.kafka)) -}}
{{- end -}}
{{- $brokers := mul (len $profile.racks) $profile.brokersPerRack | int -}}
{{- $replicas := int $profile.replicationFactor -}}
{{- $minimum := int $profile.minInSyncReplicas -}}
{{- if gt $replicas $brokers -}}
{{- include "service.fail" (dict "root" . "key" (printf "%s.replicationFactor" $key) "reason" (printf "%d replicas need as many brokers and there are %d; lower it or add racks" $replicas $brokers)) -}}
{{- end -}}
{{- if and (gt $replicas 1) (ge $minimum $replicas) -}}
{{- include "service.fail" (dict "root" . "key" (printf "%s.minInSyncReplicas" $key) "reason" (printf "%d of %d replicas stops producers as soon as one broker is away; set it to %d or lower" $minimum $replicas (sub $replicas 1))) -}}
{{- else if gt $minimum $replicas -}}
{{- include "service.fail" (dict "root" . "key" (printf "%s.minInSyncReplicas" $key) "reason" (printf "%d can never be reached with one replica; set it to 1" $minimum)) -}}
{{- end -}}
{{- if and (eq (mod $profile.controllers 2) 0) (gt (int $profile.controllers) 0) -}}
{{- include "service.fail" (dict "root" . "key" (printf "%s.controllers" $key) "reason" (printf "%d controllers bear no more failures than %d; take an odd number" (int $profile.controllers) (sub $profile.controllers 1))) -}}
{{- end -}}
{{- if and (eq (int $profile.controllers) 0) (eq (mod $brokers 2) 0) -}}
{{- include "service.fail" (dict "root" . "key" (printf "%s.controllers" $key) "reason" (printf "%d brokers cannot be controllers as well, a vote needs an odd number; set controllers to 3" $brokers)) -}}
{{- end -}}
{{- if and (ne .Values.profile "small") $profile.deleteClaim -}}
{{- include "service.fail" (dict "root" . "key" (printf "%s.deleteClaim" $key) "reason" "the disks would go with the cluster; only the profile small may do that") -}}
{{- end -}}
{{- if and $profile.cruiseControl (lt $brokers 2) -}}
{{- include "service.fail" (dict "root" . "key" (printf "%s.cruiseControl" $key) "reason" "a single broker cannot be balanced; set it to false") -}}
{{- end -}}
{{- $names := dict -}}
{{- range $index, $rack := $profile.racks -}}
{{- if hasKey $names $rack.name -}}
{{- include "service.fail" (dict "root" $ "key" (printf "%s.racks[%d].name" $key $index) "reason" (printf "%s is there already; a rack has one name" $rack.name)) -}}
{{- end -}}
{{- $_ := set $names $rack.name true -}}
{{- if and (not $rack.zone) (gt (int $profile.brokersPerRack) 1) -}}
{{- include "service.fail" (dict "root" $ "key" (printf "%s.racks[%d].zone" $key $index) "reason" (printf "is missing; %d brokers of a rack must be in one zone, else replicas of a record may be on one machine" (int $profile.brokersPerRack))) -}}
{{- end -}}
{{- end -}}
{{- range $name, $node := pick $profile "broker" "controller" -}}
{{- $heap := $node.heap | lower -}}
{{- $mebibytes := ternary (mul (trimSuffix "g" $heap | int) 1024) (trimSuffix "m" $heap | int) (hasSuffix "g" $heap) -}}
{{- $memory := $node.resources.limits.memory -}}
{{- $limit := ternary (mul (trimSuffix "Gi" $memory | int) 1024) (trimSuffix "Mi" $memory | int) (hasSuffix "Gi" $memory) -}}
{{- if gt (mul $mebibytes 4) (mul $limit 3) -}}
{{- include "service.fail" (dict "root" $ "key" (printf "%s.%s.heap" $key $name) "reason" (printf "%s of %s leaves too little for the rest of Java and for the cache of files; take three quarters at most" $node.heap $memory)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
