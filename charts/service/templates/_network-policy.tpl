{{/*
What the pods may speak with, from what the app needs by its code and its AsyncAPI document. Both directions are named, so all else is
denied. Probes of the kubelet come from the node and pass.
*/}}
{{- define "service.networkPolicy" -}}
{{- if .Values.networkPolicy.enabled -}}
{{- $contract := include "service.contract" . | fromYaml -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "service.metadata" (dict "root" .) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "service.selectorLabels" . | nindent 6 }}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    {{- $from := include "service.networkPolicy.callers" . | trim }}
    {{- if $from }}
    - from:
        {{- $from | nindent 8 }}
      ports:
        - port: http
          protocol: TCP
    {{- end }}
    {{- with .Values.networkPolicy.extraIngress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- if not (or $from .Values.networkPolicy.extraIngress) }}
    []
    {{- end }}
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ .Values.networkPolicy.dns.namespace }}
          podSelector:
            matchLabels:
              {{- toYaml .Values.networkPolicy.dns.podLabels | nindent 14 }}
      ports:
        - port: 53
          protocol: UDP
        - port: 53
          protocol: TCP
    {{- if $contract.kafkaUser }}
    # To the brokers themselves: a client speaks with each of them, the bootstrap Service only names them.
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ .Values.kafka.namespace }}
          podSelector:
            matchLabels:
              strimzi.io/cluster: {{ .Values.kafka.cluster }}
              strimzi.io/broker-role: "true"
      ports:
        - port: {{ .Values.kafka.port }}
          protocol: TCP
    {{- end }}
    {{- if $contract.schemaRegistry }}
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ .Values.schemaRegistry.namespace }}
          podSelector:
            matchLabels:
              {{- toYaml .Values.schemaRegistry.podLabels | nindent 14 }}
      ports:
        - port: {{ .Values.schemaRegistry.port }}
          protocol: TCP
    {{- end }}
    {{- if $contract.database }}
    - to:
        - podSelector:
            matchLabels:
              {{- toYaml .Values.database.podLabels | nindent 14 }}
      ports:
        - port: {{ .Values.database.port }}
          protocol: TCP
    {{- end }}
    {{- range $contract.calls }}
    - to:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: {{ . }}
      ports:
        - port: 8080
          protocol: TCP
    {{- end }}
    {{- with .Values.networkPolicy.extraEgress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}

{{/* Who may call: the apps that do by their code, the Gateway when there is a route, Prometheus when it scrapes. */}}
{{- define "service.networkPolicy.callers" -}}
{{- $contract := include "service.contract" . | fromYaml -}}
{{- range $contract.calledBy }}
- podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ . }}
{{- end }}
{{- if and .Values.httpRoute .Values.httpRoute.enabled }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .Values.httpRoute.fromNamespace }}
{{- end }}
{{- if and .Values.serviceMonitor .Values.serviceMonitor.enabled }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .Values.serviceMonitor.fromNamespace }}
{{- end }}
{{- end -}}
