{{- define "service.httpRoute" -}}
{{- $route := .Values.httpRoute -}}
{{- if $route.enabled -}}
{{- if not $route.parentRefs -}}
{{- include "service.fail" (dict "root" . "key" "httpRoute.parentRefs" "reason" "names no Gateway; without one the route leads nowhere") -}}
{{- end -}}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  {{- include "service.metadata" (dict "root" .) | nindent 2 }}
spec:
  parentRefs:
    {{- toYaml $route.parentRefs | nindent 4 }}
  {{- with $route.hostnames }}
  hostnames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: {{ $route.path }}
      backendRefs:
        - name: {{ include "service.fullname" . }}
          port: {{ .Values.http.port }}
{{- end -}}
{{- end -}}
