// The fields of the built-in types of apps, batch, autoscaling and policy. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const workloadSchemas: Readonly<Record<string, string>> = {
  'io.k8s.api.apps.v1': `
ControllerRevision kind
  data any
  revision! long
DaemonSet kind
  spec DaemonSetSpec
  status DaemonSetStatus
DaemonSetCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
DaemonSetSpec
  minReadySeconds int
  revisionHistoryLimit int
  selector! LabelSelector
  template! PodTemplateSpec
  updateStrategy DaemonSetUpdateStrategy
DaemonSetStatus
  collisionCount int
  conditions [DaemonSetCondition] @type merge=type
  currentNumberScheduled! int
  desiredNumberScheduled! int
  numberAvailable int
  numberMisscheduled! int
  numberReady! int
  numberUnavailable int
  observedGeneration long
  updatedNumberScheduled int
DaemonSetUpdateStrategy
  rollingUpdate RollingUpdateDaemonSet
  type "OnDelete|RollingUpdate"
Deployment kind
  spec DeploymentSpec
  status DeploymentStatus
DeploymentCondition
  lastTransitionTime Time
  lastUpdateTime Time
  message string
  reason string
  status! string
  type! string
DeploymentSpec
  minReadySeconds int
  paused bool
  progressDeadlineSeconds int
  replicas int
  revisionHistoryLimit int
  selector! LabelSelector
  strategy DeploymentStrategy retain
  template! PodTemplateSpec
DeploymentStatus
  availableReplicas int
  collisionCount int
  conditions [DeploymentCondition] @type merge=type
  observedGeneration long
  readyReplicas int
  replicas int
  terminatingReplicas int
  unavailableReplicas int
  updatedReplicas int
DeploymentStrategy
  rollingUpdate RollingUpdateDeployment
  type "Recreate|RollingUpdate"
ReplicaSet kind
  spec ReplicaSetSpec
  status ReplicaSetStatus
ReplicaSetCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
ReplicaSetSpec
  minReadySeconds int
  replicas int
  selector! LabelSelector
  template PodTemplateSpec
ReplicaSetStatus
  availableReplicas int
  conditions [ReplicaSetCondition] @type merge=type
  fullyLabeledReplicas int
  observedGeneration long
  readyReplicas int
  replicas! int
  terminatingReplicas int
RollingUpdateDaemonSet
  maxSurge IntOrString
  maxUnavailable IntOrString
RollingUpdateDeployment
  maxSurge IntOrString
  maxUnavailable IntOrString
RollingUpdateStatefulSetStrategy
  maxUnavailable IntOrString
  partition int
StatefulSet kind
  spec StatefulSetSpec
  status StatefulSetStatus
StatefulSetCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
StatefulSetOrdinals
  start int
StatefulSetPersistentVolumeClaimRetentionPolicy
  whenDeleted string
  whenScaled string
StatefulSetSpec
  minReadySeconds int
  ordinals StatefulSetOrdinals
  persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy
  podManagementPolicy "OrderedReady|Parallel"
  replicas int
  revisionHistoryLimit int
  selector! LabelSelector
  serviceName string
  template! PodTemplateSpec
  updateStrategy StatefulSetUpdateStrategy
  volumeClaimTemplates [PersistentVolumeClaim]
StatefulSetStatus
  availableReplicas int
  collisionCount int
  conditions [StatefulSetCondition] @type merge=type
  currentReplicas int
  currentRevision string
  observedGeneration long
  readyReplicas int
  replicas! int
  updateRevision string
  updatedReplicas int
StatefulSetUpdateStrategy
  rollingUpdate RollingUpdateStatefulSetStrategy
  type "OnDelete|RollingUpdate"
`,
  'io.k8s.api.batch.v1': `
CronJob kind
  spec! CronJobSpec
  status CronJobStatus
CronJobSpec
  concurrencyPolicy "Allow|Forbid|Replace"
  failedJobsHistoryLimit int
  jobTemplate! JobTemplateSpec
  schedule! string
  startingDeadlineSeconds long
  successfulJobsHistoryLimit int
  suspend bool
  timeZone string
CronJobStatus
  active [ObjectReference]
  lastScheduleTime Time
  lastSuccessfulTime Time
Job kind
  spec JobSpec
  status JobStatus
JobCondition
  lastProbeTime Time
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
JobSpec
  activeDeadlineSeconds long
  backoffLimit int
  backoffLimitPerIndex int
  completionMode "Indexed|NonIndexed"
  completions int
  managedBy string
  manualSelector bool
  maxFailedIndexes int
  parallelism int
  podFailurePolicy PodFailurePolicy
  podReplacementPolicy "Failed|TerminatingOrFailed"
  selector LabelSelector
  successPolicy SuccessPolicy
  suspend bool
  template! PodTemplateSpec
  ttlSecondsAfterFinished int
JobStatus
  active int
  completedIndexes string
  completionTime Time
  conditions [JobCondition] merge=type
  failed int
  failedIndexes string
  ready int
  startTime Time
  succeeded int
  terminating int
  uncountedTerminatedPods UncountedTerminatedPods
JobTemplateSpec
  metadata ObjectMeta
  spec JobSpec
PodFailurePolicy
  rules! [PodFailurePolicyRule]
PodFailurePolicyOnExitCodesRequirement
  containerName string
  operator! "In|NotIn"
  values! [int] set
PodFailurePolicyOnPodConditionsPattern
  status string
  type! string
PodFailurePolicyRule
  action! "Count|FailIndex|FailJob|Ignore"
  onExitCodes PodFailurePolicyOnExitCodesRequirement
  onPodConditions [PodFailurePolicyOnPodConditionsPattern]
SuccessPolicy
  rules! [SuccessPolicyRule]
SuccessPolicyRule
  succeededCount int
  succeededIndexes string
UncountedTerminatedPods
  failed [string] set
  succeeded [string] set
`,
  'io.k8s.api.autoscaling.v1': `
CrossVersionObjectReference atomic
  apiVersion string
  kind! string
  name! string
HorizontalPodAutoscaler kind
  spec! HorizontalPodAutoscalerSpec
  status HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerSpec
  maxReplicas! int
  minReplicas int
  scaleTargetRef! CrossVersionObjectReference
  targetCPUUtilizationPercentage int
HorizontalPodAutoscalerStatus
  currentCPUUtilizationPercentage int
  currentReplicas! int
  desiredReplicas! int
  lastScaleTime Time
  observedGeneration long
Scale kind
  spec ScaleSpec
  status ScaleStatus
ScaleSpec
  replicas int
ScaleStatus
  replicas! int
  selector string
`,
  'io.k8s.api.autoscaling.v2': `
ContainerResourceMetricSource
  container! string
  name! string
  target! MetricTarget
ContainerResourceMetricStatus
  container! string
  current! MetricValueStatus
  name! string
CrossVersionObjectReference
  apiVersion string
  kind! string
  name! string
ExternalMetricSource
  metric! MetricIdentifier
  target! MetricTarget
ExternalMetricStatus
  current! MetricValueStatus
  metric! MetricIdentifier
HPAScalingPolicy
  periodSeconds! int
  type! string
  value! int
HPAScalingRules
  policies [HPAScalingPolicy]
  selectPolicy string
  stabilizationWindowSeconds int
  tolerance Quantity
HorizontalPodAutoscaler kind
  spec! HorizontalPodAutoscalerSpec
  status HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerBehavior
  scaleDown HPAScalingRules
  scaleUp HPAScalingRules
HorizontalPodAutoscalerCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
HorizontalPodAutoscalerSpec
  behavior HorizontalPodAutoscalerBehavior
  maxReplicas! int
  metrics [MetricSpec]
  minReplicas int
  scaleTargetRef! CrossVersionObjectReference
HorizontalPodAutoscalerStatus
  conditions [HorizontalPodAutoscalerCondition] @type merge=type
  currentMetrics [MetricStatus]
  currentReplicas int
  desiredReplicas! int
  lastScaleTime Time
  observedGeneration long
MetricIdentifier
  name! string
  selector LabelSelector
MetricSpec
  containerResource ContainerResourceMetricSource
  external ExternalMetricSource
  object ObjectMetricSource
  pods PodsMetricSource
  resource ResourceMetricSource
  type! string
MetricStatus
  containerResource ContainerResourceMetricStatus
  external ExternalMetricStatus
  object ObjectMetricStatus
  pods PodsMetricStatus
  resource ResourceMetricStatus
  type! string
MetricTarget
  averageUtilization int
  averageValue Quantity
  type! string
  value Quantity
MetricValueStatus
  averageUtilization int
  averageValue Quantity
  value Quantity
ObjectMetricSource
  describedObject! CrossVersionObjectReference
  metric! MetricIdentifier
  target! MetricTarget
ObjectMetricStatus
  current! MetricValueStatus
  describedObject! CrossVersionObjectReference
  metric! MetricIdentifier
PodsMetricSource
  metric! MetricIdentifier
  target! MetricTarget
PodsMetricStatus
  current! MetricValueStatus
  metric! MetricIdentifier
ResourceMetricSource
  name! string
  target! MetricTarget
ResourceMetricStatus
  current! MetricValueStatus
  name! string
`,
  'io.k8s.api.policy.v1': `
Eviction kind
  deleteOptions DeleteOptions
PodDisruptionBudget kind
  spec PodDisruptionBudgetSpec
  status PodDisruptionBudgetStatus
PodDisruptionBudgetSpec
  maxUnavailable IntOrString
  minAvailable IntOrString
  selector LabelSelector replace
  unhealthyPodEvictionPolicy "AlwaysAllow|IfHealthyBudget"
PodDisruptionBudgetStatus
  conditions [Condition] @type merge=type
  currentHealthy int
  desiredHealthy int
  disruptedPods {Time}
  disruptionsAllowed int
  expectedPods int
  observedGeneration long
`,
};
