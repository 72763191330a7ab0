{{/*
The name of the resource: the topic's own where Kubernetes accepts it, else one made of it, with a hash that keeps apart what looks
alike afterwards. Takes the topic's name.
*/}}
{{- define "kafka-topics.resourceName" -}}
{{- if regexMatch "^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$" . -}}
{{- . -}}
{{- else -}}
{{- $readable := regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trunc 200 | trimAll "-" -}}
{{- printf "%s-%s" ($readable | default "topic") (sha256sum . | trunc 8) -}}
{{- end -}}
{{- end -}}

{{/* Refuses what no cluster of these values can hold. Takes (dict "root" $ "key" "topics[0]" "topic" the-topic "replicas" n "minInSyncReplicas" n). */}}
{{- define "kafka-topics.check" -}}
{{- $brokers := int .root.Values.cluster.brokers -}}
{{- $replicas := int .replicas -}}
{{- $minimum := int .minInSyncReplicas -}}
{{- if gt $replicas $brokers -}}
{{- include "service.fail" (dict "root" .root "key" (printf "%s (%s)" .key .topic.name) "reason" (printf "%d replicas need as many brokers and cluster.brokers is %d; lower replicas or add brokers" $replicas $brokers)) -}}
{{- end -}}
{{- if and (gt $replicas 1) (ge $minimum $replicas) -}}
{{- include "service.fail" (dict "root" .root "key" (printf "%s (%s)" .key .topic.name) "reason" (printf "min.insync.replicas %d of %d replicas stops producers as soon as one broker is away; set it to %d or lower" $minimum $replicas (sub $replicas 1))) -}}
{{- else if gt $minimum $replicas -}}
{{- include "service.fail" (dict "root" .root "key" (printf "%s (%s)" .key .topic.name) "reason" (printf "min.insync.replicas %d can never be reached with one replica; set minInSyncReplicas to 1" $minimum)) -}}
{{- end -}}
{{- end -}}
