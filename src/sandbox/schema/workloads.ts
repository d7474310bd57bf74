// The fields of the built-in types of apps, batch, autoscaling and policy. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const workloadSchemas: Readonly<Record<string, string>> = {
  'io.k8s.api.apps.v1': `
ControllerRevision kind - A former state of what a controller makes, kept to go back to.
  data any - The state.
  revision! long - Number of the revision.
DaemonSet kind - Runs a pod on every node, or on some.
  spec DaemonSetSpec - What is wanted.
  status DaemonSetStatus - What is found, written by the system.
DaemonSetCondition - An observation about a daemon set.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
DaemonSetSpec - Which pods, and on which nodes.
  minReadySeconds int - For how long a new pod must be ready before it counts as available.
  revisionHistoryLimit int - How many old revisions are kept to go back to.
  selector! LabelSelector - Which pods it is about, by their labels.
  template! PodTemplateSpec - The pods to make.
  updateStrategy DaemonSetUpdateStrategy - How pods are replaced by new ones.
DaemonSetStatus - How many nodes run its pod.
  collisionCount int - How often a generated name was taken already.
  conditions [DaemonSetCondition] @type merge=type - Observations about its state, each with a type of its own.
  currentNumberScheduled! int - Nodes that run its pod and should.
  desiredNumberScheduled! int - Nodes that should run its pod.
  numberAvailable int - Nodes whose pod is available.
  numberMisscheduled! int - Nodes that run its pod and should not.
  numberReady! int - Nodes whose pod is ready.
  numberUnavailable int - Nodes whose pod is missing or not available.
  observedGeneration long - The metadata.generation that the status is about.
  updatedNumberScheduled int - Nodes whose pod is made from the present template.
DaemonSetUpdateStrategy - How pods are replaced by new ones.
  rollingUpdate RollingUpdateDaemonSet - Settings of RollingUpdate.
  type "OnDelete|RollingUpdate" - RollingUpdate or OnDelete.
Deployment kind - Keeps a number of equal pods running and replaces them step by step when their template changes.
  spec DeploymentSpec - What is wanted.
  status DeploymentStatus - What is found, written by the system.
DeploymentCondition - An observation about a deployment.
  lastTransitionTime Time - When the condition last changed from one status to another.
  lastUpdateTime Time - When the condition was last written.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - True, False or Unknown.
  type! string - Available, Progressing or ReplicaFailure.
DeploymentSpec - How many pods, which, and how they are replaced.
  minReadySeconds int - For how long a new pod must be ready before it counts as available.
  paused bool - Whether changes of the template are held back.
  progressDeadlineSeconds int - How long a rollout may go without progress before it counts as failed.
  replicas int - How many pods are wanted.
  revisionHistoryLimit int - How many old revisions are kept to go back to.
  selector! LabelSelector - Its pods, by their labels; must fit those of the template.
  strategy DeploymentStrategy retain - How pods are replaced by new ones.
  template! PodTemplateSpec - The pods to make.
DeploymentStatus - How many pods there are.
  availableReplicas int - Pods ready for at least minReadySeconds.
  collisionCount int - How often a generated name was taken already.
  conditions [DeploymentCondition] @type merge=type - Observations about its state, each with a type of its own.
  observedGeneration long - The metadata.generation that the status is about.
  readyReplicas int - Pods that are ready.
  replicas int - Pods there are.
  terminatingReplicas int - Pods that are ending.
  unavailableReplicas int - Pods that are still missing for being complete.
  updatedReplicas int - Pods made from the present template.
DeploymentStrategy - How pods are replaced by new ones.
  rollingUpdate RollingUpdateDeployment - Settings of RollingUpdate.
  type "Recreate|RollingUpdate" - RollingUpdate, or Recreate to end all old ones first.
ReplicaSet kind - Keeps a number of equal pods running; usually made by a deployment.
  spec ReplicaSetSpec - What is wanted.
  status ReplicaSetStatus - What is found, written by the system.
ReplicaSetCondition - An observation about a replica set.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
ReplicaSetSpec - How many pods, and which.
  minReadySeconds int - For how long a new pod must be ready before it counts as available.
  replicas int - How many pods are wanted.
  selector! LabelSelector - Its pods, by their labels; must fit those of the template.
  template PodTemplateSpec - The pods to make.
ReplicaSetStatus - How many pods there are.
  availableReplicas int - Pods ready for at least minReadySeconds.
  conditions [ReplicaSetCondition] @type merge=type - Observations about its state, each with a type of its own.
  fullyLabeledReplicas int - Pods with all labels of the template.
  observedGeneration long - The metadata.generation that the status is about.
  readyReplicas int - Pods that are ready.
  replicas! int - Pods there are.
  terminatingReplicas int - Pods that are ending.
RollingUpdateDaemonSet - How many pods are replaced at once.
  maxSurge IntOrString - How many nodes may run an old and a new pod, as number or percentage.
  maxUnavailable IntOrString - How many nodes may be without, as number or percentage.
RollingUpdateDeployment - How many pods are replaced at once.
  maxSurge IntOrString - How many pods there may be above the number wanted, as number or percentage.
  maxUnavailable IntOrString - How many may be missing below it, as number or percentage.
RollingUpdateStatefulSetStrategy - How many pods are replaced at once.
  maxUnavailable IntOrString - How many may be missing, as number or percentage.
  partition int - Pods below this number keep the old state.
StatefulSet kind - Runs pods with lasting names and storage of their own.
  spec StatefulSetSpec - What is wanted.
  status StatefulSetStatus - What is found, written by the system.
StatefulSetCondition - An observation about a stateful set.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
StatefulSetOrdinals - How its pods are numbered.
  start int - First number.
StatefulSetPersistentVolumeClaimRetentionPolicy - What becomes of the claims of its pods.
  whenDeleted string - When the set goes: Retain or Delete.
  whenScaled string - When it is scaled down: Retain or Delete.
StatefulSetSpec - How many pods, which, and with which storage.
  minReadySeconds int - For how long a new pod must be ready before it counts as available.
  ordinals StatefulSetOrdinals - How its pods are numbered.
  persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy - What becomes of the claims of its pods.
  podManagementPolicy "OrderedReady|Parallel" - OrderedReady for one after the other, or Parallel.
  replicas int - How many pods are wanted.
  revisionHistoryLimit int - How many old revisions are kept to go back to.
  selector! LabelSelector - Its pods, by their labels; must fit those of the template.
  serviceName string - Service that gives its pods their names.
  template! PodTemplateSpec - The pods to make.
  updateStrategy StatefulSetUpdateStrategy - How pods are replaced by new ones.
  volumeClaimTemplates [PersistentVolumeClaim] - Claims that every pod gets of its own.
StatefulSetStatus - How many pods there are.
  availableReplicas int - Pods ready for at least minReadySeconds.
  collisionCount int - How often a generated name was taken already.
  conditions [StatefulSetCondition] @type merge=type - Observations about its state, each with a type of its own.
  currentReplicas int - Pods in the state of currentRevision.
  currentRevision string - Revision that pods are coming from.
  observedGeneration long - The metadata.generation that the status is about.
  readyReplicas int - Pods that are ready.
  replicas! int - Pods there are.
  updateRevision string - Revision that pods are going to.
  updatedReplicas int - Pods in the state of updateRevision.
StatefulSetUpdateStrategy - How pods are replaced by new ones.
  rollingUpdate RollingUpdateStatefulSetStrategy - Settings of RollingUpdate.
  type "OnDelete|RollingUpdate" - RollingUpdate or OnDelete.
`,
  'io.k8s.api.batch.v1': `
CronJob kind - Starts jobs on a schedule.
  spec! CronJobSpec - What is wanted.
  status CronJobStatus - What is found, written by the system.
CronJobSpec - What is started, and when.
  concurrencyPolicy "Allow|Forbid|Replace" - What to do when the last job still runs: Allow, Forbid or Replace.
  failedJobsHistoryLimit int - How many failed jobs are kept.
  jobTemplate! JobTemplateSpec - The jobs to make.
  schedule! string - When, in cron notation.
  startingDeadlineSeconds long - How late a job may still be started.
  successfulJobsHistoryLimit int - How many complete jobs are kept.
  suspend bool - Whether no further jobs are started.
  timeZone string - Time zone of the schedule; that of the controller where nothing is said.
CronJobStatus - What was started.
  active [ObjectReference] - Jobs that run.
  lastScheduleTime Time - When a job was last started.
  lastSuccessfulTime Time - When a job last succeeded.
Job kind - Runs pods until enough of them have succeeded.
  spec JobSpec - What is wanted.
  status JobStatus - What is found, written by the system.
JobCondition - An observation about a job.
  lastProbeTime Time - When the condition was last checked.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - True, False or Unknown.
  type! string - Suspended, Complete, Failed and so on.
JobSpec - How many pods shall succeed, and which.
  activeDeadlineSeconds long - How long the job may run before it fails.
  backoffLimit int - How often pods may fail before the job fails.
  backoffLimitPerIndex int - The same for each index.
  completionMode "Indexed|NonIndexed" - NonIndexed, or Indexed for pods with numbers.
  completions int - How many pods shall succeed.
  managedBy string - Controller that looks after it.
  manualSelector bool - Whether the selector is one's own.
  maxFailedIndexes int - How many indexes may fail.
  parallelism int - How many pods may run at once.
  podFailurePolicy PodFailurePolicy - What failures of pods mean.
  podReplacementPolicy "Failed|TerminatingOrFailed" - When pods are replaced by new ones.
  selector LabelSelector - Its pods, by their labels; set by the system.
  successPolicy SuccessPolicy - When the job counts as done before all pods have succeeded.
  suspend bool - Whether its pods are held back.
  template! PodTemplateSpec - The pods to make.
  ttlSecondsAfterFinished int - When it is removed after its end.
JobStatus - How the job is doing.
  active int - Pods that run or wait.
  completedIndexes string - Indexes that are done.
  completionTime Time - When it was complete.
  conditions [JobCondition] merge=type - Observations about its state, each with a type of its own.
  failed int - Pods that failed.
  failedIndexes string - Indexes that failed.
  ready int - Pods that are ready.
  startTime Time - When it started.
  succeeded int - Pods that succeeded.
  terminating int - Pods that are ending.
  uncountedTerminatedPods UncountedTerminatedPods - Pods that ended and are not counted yet.
JobTemplateSpec - Jobs to make: their metadata and spec.
  metadata ObjectMeta - Labels and annotations of the jobs.
  spec JobSpec - What the jobs are to be.
PodFailurePolicy - What failures of pods mean.
  rules! [PodFailurePolicyRule] - Rules; the first that fits counts.
PodFailurePolicyOnExitCodesRequirement - Exit codes.
  containerName string - Container that is meant; all where nothing is said.
  operator! "In|NotIn" - How key and values are compared.
  values! [int] set - Values to compare with.
PodFailurePolicyOnPodConditionsPattern - A condition of the pod.
  status string - Its status.
  type! string - Its type.
PodFailurePolicyRule - What a kind of failure means.
  action! "Count|FailIndex|FailJob|Ignore" - Count, FailJob, FailIndex or Ignore.
  onExitCodes PodFailurePolicyOnExitCodesRequirement - It is for these exit codes.
  onPodConditions [PodFailurePolicyOnPodConditionsPattern] - It is for pods with these conditions.
SuccessPolicy - When a job counts as done.
  rules! [SuccessPolicyRule] - Rules, of which one must be met.
SuccessPolicyRule - When a job counts as done.
  succeededCount int - How many indexes must be done.
  succeededIndexes string - Which indexes must be done.
UncountedTerminatedPods - Pods that ended and are not counted yet.
  failed [string] set - UIDs of those that failed.
  succeeded [string] set - UIDs of those that succeeded.
`,
  'io.k8s.api.autoscaling.v1': `
CrossVersionObjectReference atomic - An object that can be scaled.
  apiVersion string - Group and version of the object.
  kind! string - Kind of the object.
  name! string - Name of it.
HorizontalPodAutoscaler kind - Changes the number of pods with their load.
  spec! HorizontalPodAutoscalerSpec - What is wanted.
  status HorizontalPodAutoscalerStatus - What is found, written by the system.
HorizontalPodAutoscalerSpec - What is scaled, and by what.
  maxReplicas! int - Most pods.
  minReplicas int - Fewest pods.
  scaleTargetRef! CrossVersionObjectReference - What is scaled.
  targetCPUUtilizationPercentage int - Use of the requested CPU that is aimed at.
HorizontalPodAutoscalerStatus - What it found and did.
  currentCPUUtilizationPercentage int - Use of the requested CPU.
  currentReplicas! int - Pods there are.
  desiredReplicas! int - Pods it wants.
  lastScaleTime Time - When it last changed the number.
  observedGeneration long - The metadata.generation that the status is about.
Scale kind - How many pods something has, for whatever can be scaled.
  spec ScaleSpec - What is wanted.
  status ScaleStatus - What is found, written by the system.
ScaleSpec - How many pods are wanted.
  replicas int - The number.
ScaleStatus - How many pods there are.
  replicas! int - The number.
  selector string - The pods, as a selector in text form.
`,
  'io.k8s.api.autoscaling.v2': `
ContainerResourceMetricSource - A resource of one container of the pods.
  container! string - Name of the container.
  name! string - Name of the resource.
  target! MetricTarget - What is aimed at.
ContainerResourceMetricStatus - A resource of one container of the pods.
  container! string - Name of the container.
  current! MetricValueStatus - What was measured.
  name! string - Name of the resource.
CrossVersionObjectReference - An object that can be scaled.
  apiVersion string - Group and version of the object.
  kind! string - Kind of the object.
  name! string - Name of it.
ExternalMetricSource - A metric of something outside of the cluster.
  metric! MetricIdentifier - Which metric.
  target! MetricTarget - What is aimed at.
ExternalMetricStatus - A metric of something outside of the cluster.
  current! MetricValueStatus - What was measured.
  metric! MetricIdentifier - Which metric.
HPAScalingPolicy - How much may change in a time.
  periodSeconds! int - The time.
  type! string - Pods or Percent.
  value! int - How much.
HPAScalingRules - How fast the number may change.
  policies [HPAScalingPolicy] - Bounds.
  selectPolicy string - Which bound counts: Max, Min or Disabled.
  stabilizationWindowSeconds int - For how long past wishes are minded.
  tolerance Quantity - How far off is no reason to change.
HorizontalPodAutoscaler kind - Changes the number of pods with their load.
  spec! HorizontalPodAutoscalerSpec - What is wanted.
  status HorizontalPodAutoscalerStatus - What is found, written by the system.
HorizontalPodAutoscalerBehavior - How fast the number changes.
  scaleDown HPAScalingRules - Downwards.
  scaleUp HPAScalingRules - Upwards.
HorizontalPodAutoscalerCondition - An observation about an autoscaler.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
HorizontalPodAutoscalerSpec - What is scaled, and by what.
  behavior HorizontalPodAutoscalerBehavior - How fast the number changes.
  maxReplicas! int - Most pods.
  metrics [MetricSpec] - What is measured; the largest number it leads to counts.
  minReplicas int - Fewest pods.
  scaleTargetRef! CrossVersionObjectReference - What is scaled.
HorizontalPodAutoscalerStatus - What it found and did.
  conditions [HorizontalPodAutoscalerCondition] @type merge=type - Observations about its state, each with a type of its own.
  currentMetrics [MetricStatus] - What was measured.
  currentReplicas int - Pods there are.
  desiredReplicas! int - Pods it wants.
  lastScaleTime Time - When it last changed the number.
  observedGeneration long - The metadata.generation that the status is about.
MetricIdentifier - Which metric.
  name! string - Name of the metric.
  selector LabelSelector - Further labels of the metric.
MetricSpec - Something measured, and what is aimed at.
  containerResource ContainerResourceMetricSource - A resource of one container of the pods.
  external ExternalMetricSource - A metric of something outside of the cluster.
  object ObjectMetricSource - A metric of another object.
  pods PodsMetricSource - A metric of the pods.
  resource ResourceMetricSource - A resource of the pods.
  type! string - Which of the five: Resource, Pods and so on.
MetricStatus - Something measured.
  containerResource ContainerResourceMetricStatus - A resource of one container of the pods.
  external ExternalMetricStatus - A metric of something outside of the cluster.
  object ObjectMetricStatus - A metric of another object.
  pods PodsMetricStatus - A metric of the pods.
  resource ResourceMetricStatus - A resource of the pods.
  type! string - Which of the five: Resource, Pods and so on.
MetricTarget - What is aimed at.
  averageUtilization int - Percentage of the request, over all pods.
  averageValue Quantity - Average over all pods.
  type! string - Utilization, Value or AverageValue.
  value Quantity - The value itself.
MetricValueStatus - What was measured.
  averageUtilization int - Percentage of the request, over all pods.
  averageValue Quantity - Average over all pods.
  value Quantity - The value itself.
ObjectMetricSource - A metric of another object.
  describedObject! CrossVersionObjectReference - The object.
  metric! MetricIdentifier - Which metric.
  target! MetricTarget - What is aimed at.
ObjectMetricStatus - A metric of another object.
  current! MetricValueStatus - What was measured.
  describedObject! CrossVersionObjectReference - The object.
  metric! MetricIdentifier - Which metric.
PodsMetricSource - A metric of the pods.
  metric! MetricIdentifier - Which metric.
  target! MetricTarget - What is aimed at.
PodsMetricStatus - A metric of the pods.
  current! MetricValueStatus - What was measured.
  metric! MetricIdentifier - Which metric.
ResourceMetricSource - A resource of the pods.
  name! string - cpu, memory and so on.
  target! MetricTarget - What is aimed at.
ResourceMetricStatus - A resource of the pods.
  current! MetricValueStatus - What was measured.
  name! string - cpu, memory and so on.
`,
  'io.k8s.api.policy.v1': `
Eviction kind - Asks for the removal of a pod, with regard to disruption budgets.
  deleteOptions DeleteOptions - How it is deleted.
PodDisruptionBudget kind - How many pods of a set may be removed at once.
  spec PodDisruptionBudgetSpec - What is wanted.
  status PodDisruptionBudgetStatus - What is found, written by the system.
PodDisruptionBudgetSpec - Which pods, and how many.
  maxUnavailable IntOrString - How many may be missing, as number or percentage.
  minAvailable IntOrString - How many must stay, as number or percentage.
  selector LabelSelector replace - The pods, by their labels.
  unhealthyPodEvictionPolicy "AlwaysAllow|IfHealthyBudget" - When pods that are not ready may be removed.
PodDisruptionBudgetStatus - How many pods may be removed now.
  conditions [Condition] @type merge=type - Observations about its state, each with a type of its own.
  currentHealthy int - Pods that are healthy.
  desiredHealthy int - Pods that must stay healthy.
  disruptedPods {Time} - Pods that are about to go.
  disruptionsAllowed int - How many may be removed now.
  expectedPods int - Pods that are counted.
  observedGeneration long - The metadata.generation that the status is about.
`,
};
