{{- /* What every pod has. Takes the root. */ -}}
{{- define "studio.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "studio.container" -}}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- /* Spread over nodes where that can be had. Takes a list: root, component. */ -}}
{{- define "studio.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "studio.selector" . | nindent 8 }}
{{- end }}

{{- /* Takes a list: name of the Secret, variables → its keys. */ -}}
{{- define "studio.secretVariables" -}}
{{- $secret := index . 0 -}}
{{- range $name, $key := index . 1 }}
- name: {{ $name }}
  valueFrom: { secretKeyRef: { name: {{ $secret }}, key: {{ $key }} } }
{{- end }}
{{- end }}

{{- define "studio.variables" -}}
{{- range $name, $value := . }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{- /* Where the stores are, for every process that opens them. Takes the root. */ -}}
{{- define "studio.storeVariables" -}}
{{- $stores := .Values.settings.stores | default dict -}}
{{- if .Values.modelServer.enabled -}}
{{- $stores = merge (dict "TRITON_URL" (printf "http://%s-model-server:8000" (include "studio.name" .))) $stores -}}
{{- end -}}
{{- include "studio.secretVariables" (list .Values.secrets.name .Values.secrets.stores) }}
{{- include "studio.variables" $stores }}
- name: MODEL_REPOSITORY_FOLDER
  value: /data/models
- name: WORK_FOLDER
  value: /data/work
{{- end }}

{{- define "studio.mounts" -}}
- { name: models, mountPath: /data/models }
- { name: work, mountPath: /data/work }
- { name: tmp, mountPath: /tmp }
{{- end }}

{{- define "studio.volumes" -}}
- name: models
  persistentVolumeClaim: { claimName: {{ include "studio.claim" . }} }
- name: work
  emptyDir: { sizeLimit: 10Gi }
- name: tmp
  emptyDir: { sizeLimit: 1Gi }
{{- end }}

{{- /* Takes a list: path, name of the port. Start may take two minutes; then a dead process is found within one. */ -}}
{{- define "studio.probes" -}}
{{- $ready := index . 0 -}}
{{- $live := index . 1 -}}
startupProbe:
  httpGet: { path: {{ $ready }}, port: probes }
  periodSeconds: 5
  failureThreshold: 24
readinessProbe:
  httpGet: { path: {{ $ready }}, port: probes }
  periodSeconds: 5
  timeoutSeconds: 4
livenessProbe:
  httpGet: { path: {{ $live }}, port: probes }
  periodSeconds: 15
  timeoutSeconds: 5
  failureThreshold: 4
{{- end }}
