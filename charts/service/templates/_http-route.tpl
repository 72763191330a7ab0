{{- define "service.httpRoute" -}}
{{- if .Values.httpRoute.enabled -}}
{{- with .Values.httpRoute -}}
{{- if not .parentRefs -}}
{{- include "service.fail" (dict "root" $ "key" "httpRoute.parentRefs" "reason" "names no Gateway; without one the route leads nowhere") -}}
{{- end -}}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  {{- include "service.metadata" (dict "root" $) | nindent 2 }}
spec:
  parentRefs:
    {{- toYaml .parentRefs | nindent 4 }}
  {{- with .hostnames }}
  hostnames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: {{ .path }}
      backendRefs:
        - name: {{ include "service.fullname" $ }}
          port: {{ $.Values.http.port }}
{{- end -}}
{{- end -}}
{{- end -}}
