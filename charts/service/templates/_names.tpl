{{/* The name of the component: the chart's, unless nameOverride is set. */}}
{{- define "service.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
The name of the release's objects: the release's own name when it says what the component is, else both, in 63 characters
(RFC 1123 labels). A name that must not depend on the release is set with fullnameOverride.
*/}}
{{- define "service.fullname" -}}
{{- $name := include "service.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods of this release. It never changes: the selector of a Deployment is immutable. */}}
{{- define "service.selectorLabels" -}}
app.kubernetes.io/name: {{ include "service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/*
The labels of pods: only what changes when the pod does. A new version of a chart that leaves the pods as they are restarts none.
*/}}
{{- define "service.podLabels" -}}
{{ include "service.selectorLabels" . }}
app.kubernetes.io/version: {{ include "service.version" . | quote }}
app.kubernetes.io/part-of: eda-blueprint
{{- end -}}

{{/* The version that runs: the tag of the image where the chart has one. */}}
{{- define "service.version" -}}
{{- (.Values.image).tag | default .Chart.AppVersion | default .Chart.Version | trunc 63 | trimAll "-_." -}}
{{- end -}}

{{/* The labels of every object (kubernetes.io/docs/concepts/overview/working-with-objects/common-labels). */}}
{{- define "service.labels" -}}
{{ include "service.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}
