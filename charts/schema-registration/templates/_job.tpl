{{/* What the Job publishes (schemas.generated.yaml), as YAML. */}}
{{- define "schema-registration.schemas" -}}
{{- .Files.Get "schemas.generated.yaml" | required (printf "%s: schemas.generated.yaml: is missing; npm run generate" .Chart.Name) -}}
{{- end -}}

{{/* The spec of the Job, without what depends on its name. */}}
{{- define "schema-registration.spec" -}}
backoffLimit: {{ .Values.job.backoffLimit }}
activeDeadlineSeconds: {{ .Values.job.activeDeadlineSeconds }}
podFailurePolicy:
  rules:
    # A schema that is refused is refused the next time too.
    - action: FailJob
      onExitCodes:
        containerName: contracts
        operator: In
        values:
          - 1
    # A node that is drained is nobody's failure.
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          # The default, which the schema of Kubernetes 1.30 wants to be said.
          status: "True"
template:
  metadata:
    labels:
      {{- include "service.podLabels" . | nindent 6 }}
  spec:
    # Not OnFailure: what a pod has said would go with it.
    restartPolicy: Never
    serviceAccountName: {{ include "service.fullname" . }}
    automountServiceAccountToken: false
    enableServiceLinks: false
    securityContext:
      {{- include "service.podSecurityContext" . | nindent 6 }}
    {{- with .Values.imagePullSecrets }}
    imagePullSecrets:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    containers:
      - name: contracts
        image: {{ include "service.image" . | quote }}
        imagePullPolicy: {{ .Values.image.pullPolicy }}
        args:
          - apply
          - --wait
          - {{ .Values.job.waitSeconds | quote }}
        env:
          - name: SCHEMA_REGISTRY_URL
            value: {{ .Values.registry.url | quote }}
        {{- with .Values.registry.credentialsSecret }}
        envFrom:
          - secretRef:
              name: {{ . }}
        {{- end }}
        resources:
          {{- toYaml .Values.resources | nindent 10 }}
        securityContext:
          {{- include "service.containerSecurityContext" . | nindent 10 }}
{{- end -}}
