{{- define "studio.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- /* Of one component. Takes a list: root, component. */ -}}
{{- define "studio.selector" -}}
app.kubernetes.io/name: embedding-studio
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "studio.labels" -}}
{{ include "studio.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version }}
{{- end }}

{{- define "studio.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "studio.name" .) }}
{{- end }}

{{- define "studio.claim" -}}
{{ .Values.modelRepository.existingClaim | default (printf "%s-models" (include "studio.name" .)) }}
{{- end }}

{{- /* Takes a list: root, image. */ -}}
{{- define "studio.image" -}}
{{- $image := (index . 0).Values.image -}}
{{- $name := index . 1 -}}
{{- with index ($image.digests | default dict) $name -}}
{{ printf "%s/%s@%s" $image.registry $name . }}
{{- else -}}
{{ printf "%s/%s:%s" $image.registry $name ($image.tag | default (index $ 0).Chart.AppVersion) }}
{{- end -}}
{{- end }}
