{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{- define "socbridge.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* (dict "root" $ "name" NAME): labels of a pod */}}
{{- define "socbridge.podLabels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/part-of: socbridge
{{- end }}

{{/* (dict "root" $ "name" NAME): metadata of an object */}}
{{- define "socbridge.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace | quote }}
labels:
  {{- include "socbridge.podLabels" . | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "socbridge.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: ["ALL"]
{{- end }}

{{/* (dict "root" $ "volume" BOOL): what each pod has before its containers */}}
{{- define "socbridge.pod" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  {{- if .volume }}
  fsGroupChangePolicy: OnRootMismatch
  {{- end }}
  seccompProfile:
    type: RuntimeDefault
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* (dict "root" $ "args" LIST): the begin of each container */}}
{{- define "socbridge.container" -}}
name: socctl
image: {{ include "socbridge.image" .root | quote }}
{{- if ne .root.Values.image.pullPolicy "IfNotPresent" }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{- end }}
args: {{- toYaml .args | nindent 2 }}
securityContext: {{- include "socbridge.containerSecurity" . | nindent 2 }}
{{- end }}

{{- define "socbridge.configVolume" -}}
name: config
secret:
  secretName: {{ . | quote }}
  defaultMode: 0440
{{- end }}

{{/* (dict "storage" VALUES): what a volume is claimed by */}}
{{- define "socbridge.claimSpec" -}}
accessModes: ["ReadWriteOnce"]
{{- with .storage.class }}
storageClassName: {{ . | quote }}
{{- end }}
resources:
  requests:
    storage: {{ .storage.size | quote }}
{{- end }}

{{/* (dict "root" $ "name" NAME "storage" VALUES): the volume of the same name */}}
{{- define "socbridge.claim" -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace | quote }}
  annotations:
    # Kept when the release is removed.
    helm.sh/resource-policy: keep
spec: {{- include "socbridge.claimSpec" . | nindent 2 }}
{{- end }}

{{/* (dict "root" $ "name" NAME) */}}
{{- define "socbridge.budget" -}}
{{- if .root.Values.podDisruptionBudget.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace | quote }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ .name }}
{{- end }}
{{- end }}

{{/* (dict "root" $ "name" NAME "port" N) */}}
{{- define "socbridge.service" -}}
apiVersion: v1
kind: Service
metadata: {{- include "socbridge.metadata" . | nindent 2 }}
spec:
  selector:
    app.kubernetes.io/name: {{ .name }}
  ports:
    - name: http
      port: {{ .port }}
      targetPort: http
{{- end }}

{{/* (dict "root" $ "name" NAME "volume" BOOL): selector and template of a workload, up to its pod's security */}}
{{- define "socbridge.template" -}}
selector:
  matchLabels:
    app.kubernetes.io/name: {{ .name }}
template:
  metadata:
    labels: {{- include "socbridge.podLabels" . | nindent 6 }}
    {{- with .root.Values.podAnnotations }}
    annotations: {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    {{- include "socbridge.pod" . | nindent 4 }}
{{- end }}

{{/* (dict "root" $ "name" NAME "volume" BOOL): of a Deployment, up to its pod's security */}}
{{- define "socbridge.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata: {{- include "socbridge.metadata" . | nindent 2 }}
spec:
  # Two pods at once would share one state, or count everything twice.
  replicas: 1
  strategy:
    type: Recreate
  {{- include "socbridge.template" . | nindent 2 }}
{{- end }}

{{/* (dict "root" $ "name" NAME "schedule" TEXT "suspend" BOOL "deadline" SECONDS "args" LIST "resources" VALUES) */}}
{{- define "socbridge.cronjob" -}}
apiVersion: batch/v1
kind: CronJob
metadata: {{- include "socbridge.metadata" . | nindent 2 }}
spec:
  schedule: {{ .schedule | quote }}
  timeZone: Etc/UTC
  {{- if .suspend }}
  suspend: true
  {{- end }}
  concurrencyPolicy: Forbid
  successfulJobsHistoryLimit: 1
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 0
      activeDeadlineSeconds: {{ .deadline }}
      template:
        metadata:
          labels: {{- include "socbridge.podLabels" . | nindent 12 }}
          {{- with .root.Values.podAnnotations }}
          annotations: {{- toYaml . | nindent 12 }}
          {{- end }}
        spec:
          {{- include "socbridge.pod" . | nindent 10 }}
          restartPolicy: Never
          containers:
            - {{- include "socbridge.container" . | nindent 14 }}
              resources: {{- toYaml .resources | nindent 16 }}
              volumeMounts:
                - name: config
                  mountPath: /etc/socctl
                  readOnly: true
          volumes:
            - {{- include "socbridge.configVolume" .root.Values.secrets.socctl | nindent 14 }}
{{- end }}
