{{/* The Secret with what the registry needs to speak with Kafka. */}}
{{- define "schema-registry.kafkaSecret" -}}
{{- .Values.kafka.existingSecret | default (printf "%s-kafka" (include "service.fullname" .)) -}}
{{- end -}}

{{/*
The variables of Apicurio Registry. Its own settings for a truststore ask for a password, which a certificate in PEM has not; those of
Kafka's client itself (APICURIO_KAFKA_COMMON_...) do not.
*/}}
{{- define "schema-registry.env" -}}
{{- $secret := include "schema-registry.kafkaSecret" . -}}
{{- $given := dict
  "APICURIO_STORAGE_KIND" "kafkasql"
  "APICURIO_KAFKASQL_TOPIC" .Values.topics.journal
  "APICURIO_KAFKASQL_SNAPSHOTS_TOPIC" .Values.topics.snapshots
  "APICURIO_EVENTS_KAFKA_TOPIC" .Values.topics.events
  "APICURIO_KAFKASQL_TOPIC_AUTO_CREATE" "false"
  "APICURIO_KAFKASQL_CONSUMER_GROUP_PREFIX" "schema-registry-"
  "APICURIO_KAFKASQL_CONSUMER_POLL_TIMEOUT" "100"
  "APICURIO_KAFKASQL_SECURITY_PROTOCOL" "SASL_SSL"
  "APICURIO_KAFKA_COMMON_SASL_MECHANISM" "SCRAM-SHA-512"
  "APICURIO_KAFKA_COMMON_SSL_TRUSTSTORE_TYPE" "PEM"
  "APICURIO_KAFKA_COMMON_SSL_TRUSTSTORE_LOCATION" "/var/run/secrets/kafka/ssl.truststore.crt"
  "APICURIO_STORAGE_SNAPSHOT_LOCATION" "/tmp"
  "APICURIO_IMPORT_WORK_DIR" "/tmp"
  "QUARKUS_HTTP_HOST" "0.0.0.0"
  "QUARKUS_HTTP_PORT" "8080"
  "QUARKUS_MANAGEMENT_HOST" "0.0.0.0"
  "QUARKUS_MANAGEMENT_PORT" "9000"
  "QUARKUS_SHUTDOWN_TIMEOUT" (printf "%ds" (int .Values.shutdown.deadlineSeconds))
  "JAVA_OPTS_APPEND" (printf "-XX:InitialRAMPercentage=%d -XX:MaxRAMPercentage=%d -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=/tmp %s" (int .Values.jvm.heapPercent) (int .Values.jvm.heapPercent) .Values.jvm.options | trim)
-}}
{{- $secrets := dict "APICURIO_KAFKASQL_BOOTSTRAP_SERVERS" "bootstrapServers" "APICURIO_KAFKA_COMMON_SASL_JAAS_CONFIG" "sasl.jaas.config" -}}
{{- range $name, $_ := .Values.config -}}
{{- if or (hasKey $given $name) (hasKey $secrets $name) -}}
{{- include "service.fail" (dict "root" $ "key" (printf "config.%s" $name) "reason" "follows from other values; remove it here") -}}
{{- end -}}
{{- end -}}
{{- range $name, $key := $secrets }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $key }}
{{- end }}
{{- range $name, $value := merge $given .Values.config }}
- name: {{ $name }}
  value: {{ include "service.envValue" $value | quote }}
{{- end }}
{{- end -}}
