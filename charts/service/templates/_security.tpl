{{/*
The restricted profile of the pod security standards (kubernetes.io/docs/concepts/security/pod-security-standards). The ids are those
of the images; fsGroup makes mounted Secrets readable for the process and for nobody else.
*/}}
{{- define "service.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* What a container may: nothing but run. Not a value: whoever needs more needs another chart. */}}
{{- define "service.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end -}}
