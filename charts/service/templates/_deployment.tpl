{{/*
The Deployment of an app of this repository. Takes (dict "root" $) with, if wanted, "args" for the process.
*/}}
{{- define "service.deployment" -}}
{{- $root := .root -}}
{{- $contract := include "service.contract" $root | fromYaml -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "service.metadata" (dict "root" $root) | nindent 2 }}
spec:
  {{- if eq (include "service.scaled" $root) "" }}
  replicas: {{ $root.Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 3
  strategy:
    type: RollingUpdate
    rollingUpdate:
      {{- if $contract.consumerGroups }}
      # One leaves before the next one comes. Every new member makes the group share its partitions anew, and the client has no static
      # membership by which a restarted pod would get its own back: with a surge each pod would cost two rebalances, not one.
      maxSurge: 0
      maxUnavailable: 1
      {{- else }}
      maxSurge: 1
      maxUnavailable: 0
      {{- end }}
  selector:
    matchLabels:
      {{- include "service.selectorLabels" $root | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "service.podLabels" $root | nindent 8 }}
      {{- with $root.Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "service.fullname" $root }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      # Waiting in preStop, the deadline of the process, and a little for the process to say so and exit by itself.
      terminationGracePeriodSeconds: {{ add $root.Values.shutdown.preStopSeconds $root.Values.shutdown.deadlineSeconds 5 }}
      securityContext:
        {{- include "service.podSecurityContext" $root | nindent 8 }}
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with include "service.scheduling" $root | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      containers:
        - name: {{ $contract.app }}
          image: {{ include "service.image" $root | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- with .args }}
          args:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          env:
            {{- include "service.env" $root | nindent 12 }}
          ports:
            - name: http
              containerPort: 8080
          {{- include "service.probes" (dict "root" $root "live" "/livez" "ready" "/readyz" "port" "http") | nindent 10 }}
          {{- if gt (int $root.Values.shutdown.preStopSeconds) 0 }}
          lifecycle:
            preStop:
              # A pod is taken out of the Services while it is told to stop, not before: until that has reached everybody, requests still come.
              sleep:
                seconds: {{ $root.Values.shutdown.preStopSeconds }}
          {{- end }}
          resources:
            {{- toYaml $root.Values.resources | nindent 12 }}
          securityContext:
            {{- include "service.containerSecurityContext" $root | nindent 12 }}
          {{- if $contract.kafkaUser }}
          volumeMounts:
            # A directory, not subPath: only a directory sees the renewed Secret, and the process follows it without a restart.
            - name: kafka-credentials
              mountPath: /var/run/secrets/kafka
              readOnly: true
          {{- end }}
      {{- if $contract.kafkaUser }}
      volumes:
        - name: kafka-credentials
          secret:
            # The pod waits for it; nothing else has to.
            secretName: {{ include "service.kafkaSecret" $root }}
            defaultMode: 0440
      {{- end }}
{{- end -}}
