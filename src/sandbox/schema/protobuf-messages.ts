// Field numbers of the messages that clients may send as protobuf: facts of k8s.io/api, which never change once given out.
// One line a message: `number name type`; `[]` list, `{}` map of strings to, `?` may be absent and keeps its zero value,
// `~` its fields stand in the outer object. Read by protobuf.ts.

/** Roots are the kinds that kubectl creates by itself, with all that they contain. */
export const messageFields = `
AWSElasticBlockStoreVolumeSource: 1 volumeID string, 2 fsType string, 3 partition int, 4 readOnly bool
Affinity: 1 nodeAffinity NodeAffinity?, 2 podAffinity PodAffinity?, 3 podAntiAffinity PodAntiAffinity?
AggregationRule: 1 clusterRoleSelectors []LabelSelector
AppArmorProfile: 1 type string, 2 localhostProfile string?
AttachedVolume: 1 name string, 2 devicePath string
AzureDiskVolumeSource: 1 diskName string, 2 diskURI string, 3 cachingMode string?, 4 fsType string?, 5 readOnly bool?, 6 kind string?
AzureFilePersistentVolumeSource: 1 secretName string, 2 shareName string, 3 readOnly bool, 4 secretNamespace string?
AzureFileVolumeSource: 1 secretName string, 2 shareName string, 3 readOnly bool
Binding: 1 metadata ObjectMeta, 2 target ObjectReference
BoundObjectReference: 1 kind string, 2 apiVersion string, 3 name string, 4 uid string
CSIPersistentVolumeSource: 1 driver string, 2 volumeHandle string, 3 readOnly bool, 4 fsType string, 5 volumeAttributes {}string, 6 controllerPublishSecretRef SecretReference?, 7 nodeStageSecretRef SecretReference?, 8 nodePublishSecretRef SecretReference?, 9 controllerExpandSecretRef SecretReference?, 10 nodeExpandSecretRef SecretReference?
CSIVolumeSource: 1 driver string, 2 readOnly bool?, 3 fsType string?, 4 volumeAttributes {}string, 5 nodePublishSecretRef LocalObjectReference?
Capabilities: 1 add []string, 2 drop []string
CephFSPersistentVolumeSource: 1 monitors []string, 2 path string, 3 user string, 4 secretFile string, 5 secretRef SecretReference?, 6 readOnly bool
CephFSVolumeSource: 1 monitors []string, 2 path string, 3 user string, 4 secretFile string, 5 secretRef LocalObjectReference?, 6 readOnly bool
CertificateSigningRequest: 1 metadata ObjectMeta, 2 spec CertificateSigningRequestSpec, 3 status CertificateSigningRequestStatus
CertificateSigningRequestCondition: 1 type string, 2 reason string, 3 message string, 4 lastUpdateTime time, 5 lastTransitionTime time, 6 status string
CertificateSigningRequestSpec: 1 request bytes, 2 username string, 3 uid string, 4 groups []string, 5 usages []string, 6 extra {}items, 7 signerName string, 8 expirationSeconds int?
CertificateSigningRequestStatus: 1 conditions []CertificateSigningRequestCondition, 2 certificate bytes
CinderPersistentVolumeSource: 1 volumeID string, 2 fsType string, 3 readOnly bool, 4 secretRef SecretReference?
CinderVolumeSource: 1 volumeID string, 2 fsType string, 3 readOnly bool, 4 secretRef LocalObjectReference?
ClientIPConfig: 1 timeoutSeconds int?
ClusterRole: 1 metadata ObjectMeta, 2 rules []PolicyRule, 3 aggregationRule AggregationRule?
ClusterRoleBinding: 1 metadata ObjectMeta, 2 subjects []Subject, 3 roleRef RoleRef
ClusterTrustBundleProjection: 1 name string?, 2 signerName string?, 3 labelSelector LabelSelector?, 4 path string, 5 optional bool?
Condition: 1 type string, 2 status string, 3 observedGeneration int, 4 lastTransitionTime time, 5 reason string, 6 message string
ConfigMap: 1 metadata ObjectMeta, 2 data {}string, 3 binaryData {}bytes, 4 immutable bool?
ConfigMapEnvSource: 1 ~ LocalObjectReference, 2 optional bool?
ConfigMapKeySelector: 1 ~ LocalObjectReference, 2 key string, 3 optional bool?
ConfigMapNodeConfigSource: 1 namespace string, 2 name string, 3 uid string, 4 resourceVersion string, 5 kubeletConfigKey string
ConfigMapProjection: 1 ~ LocalObjectReference, 2 items []KeyToPath, 4 optional bool?
ConfigMapVolumeSource: 1 ~ LocalObjectReference, 2 items []KeyToPath, 3 defaultMode int?, 4 optional bool?
Container: 1 name string, 2 image string, 3 command []string, 4 args []string, 5 workingDir string, 6 ports []ContainerPort, 7 env []EnvVar, 8 resources ResourceRequirements, 9 volumeMounts []VolumeMount, 10 livenessProbe Probe?, 11 readinessProbe Probe?, 12 lifecycle Lifecycle?, 13 terminationMessagePath string, 14 imagePullPolicy string, 15 securityContext SecurityContext?, 16 stdin bool, 17 stdinOnce bool, 18 tty bool, 19 envFrom []EnvFromSource, 20 terminationMessagePolicy string, 21 volumeDevices []VolumeDevice, 22 startupProbe Probe?, 23 resizePolicy []ContainerResizePolicy, 24 restartPolicy string?, 25 restartPolicyRules []ContainerRestartRule
ContainerExtendedResourceRequest: 1 containerName string, 2 resourceName string, 3 requestName string
ContainerImage: 1 names []string, 2 sizeBytes int
ContainerPort: 1 name string, 2 hostPort int, 3 containerPort int, 4 protocol string, 5 hostIP string
ContainerResizePolicy: 1 resourceName string, 2 restartPolicy string
ContainerResourceMetricSource: 1 name string, 2 target MetricTarget, 3 container string
ContainerResourceMetricStatus: 1 name string, 2 current MetricValueStatus, 3 container string
ContainerRestartRule: 1 action string, 2 exitCodes ContainerRestartRuleOnExitCodes?
ContainerRestartRuleOnExitCodes: 1 operator string, 2 values []int
ContainerState: 1 waiting ContainerStateWaiting?, 2 running ContainerStateRunning?, 3 terminated ContainerStateTerminated?
ContainerStateRunning: 1 startedAt time
ContainerStateTerminated: 1 exitCode int, 2 signal int, 3 reason string, 4 message string, 5 startedAt time, 6 finishedAt time, 7 containerID string
ContainerStateWaiting: 1 reason string, 2 message string
ContainerStatus: 1 name string, 2 state ContainerState, 3 lastState ContainerState, 4 ready bool, 5 restartCount int, 6 image string, 7 imageID string, 8 containerID string, 9 started bool?, 10 allocatedResources {}quantity, 11 resources ResourceRequirements?, 12 volumeMounts []VolumeMountStatus, 13 user ContainerUser?, 14 allocatedResourcesStatus []ResourceStatus, 15 stopSignal string?
ContainerUser: 1 linux LinuxContainerUser?
CronJob: 1 metadata ObjectMeta, 2 spec CronJobSpec, 3 status CronJobStatus
CronJobSpec: 1 schedule string, 2 startingDeadlineSeconds int?, 3 concurrencyPolicy string, 4 suspend bool?, 5 jobTemplate JobTemplateSpec, 6 successfulJobsHistoryLimit int?, 7 failedJobsHistoryLimit int?, 8 timeZone string?
CronJobStatus: 1 active []ObjectReference, 4 lastScheduleTime time?, 5 lastSuccessfulTime time?
CrossVersionObjectReference: 1 kind string, 2 name string, 3 apiVersion string
DaemonEndpoint: 1 Port int
DaemonSet: 1 metadata ObjectMeta, 2 spec DaemonSetSpec, 3 status DaemonSetStatus
DaemonSetCondition: 1 type string, 2 status string, 3 lastTransitionTime time, 4 reason string, 5 message string
DaemonSetSpec: 1 selector LabelSelector?, 2 template PodTemplateSpec, 3 updateStrategy DaemonSetUpdateStrategy, 4 minReadySeconds int, 6 revisionHistoryLimit int?
DaemonSetStatus: 1 currentNumberScheduled int, 2 numberMisscheduled int, 3 desiredNumberScheduled int, 4 numberReady int, 5 observedGeneration int, 6 updatedNumberScheduled int, 7 numberAvailable int, 8 numberUnavailable int, 9 collisionCount int?, 10 conditions []DaemonSetCondition
DaemonSetUpdateStrategy: 1 type string, 2 rollingUpdate RollingUpdateDaemonSet?
DeleteOptions: 1 gracePeriodSeconds int?, 2 preconditions Preconditions?, 3 orphanDependents bool?, 4 propagationPolicy string?, 5 dryRun []string, 6 ignoreStoreReadErrorWithClusterBreakingPotential bool?
Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status DeploymentStatus
DeploymentCondition: 1 type string, 2 status string, 4 reason string, 5 message string, 6 lastUpdateTime time, 7 lastTransitionTime time
DeploymentSpec: 1 replicas int?, 2 selector LabelSelector?, 3 template PodTemplateSpec, 4 strategy DeploymentStrategy, 5 minReadySeconds int, 6 revisionHistoryLimit int?, 7 paused bool, 9 progressDeadlineSeconds int?
DeploymentStatus: 1 observedGeneration int, 2 replicas int, 3 updatedReplicas int, 4 availableReplicas int, 5 unavailableReplicas int, 6 conditions []DeploymentCondition, 7 readyReplicas int, 8 collisionCount int?, 9 terminatingReplicas int?
DeploymentStrategy: 1 type string, 2 rollingUpdate RollingUpdateDeployment?
DownwardAPIProjection: 1 items []DownwardAPIVolumeFile
DownwardAPIVolumeFile: 1 path string, 2 fieldRef ObjectFieldSelector?, 3 resourceFieldRef ResourceFieldSelector?, 4 mode int?
DownwardAPIVolumeSource: 1 items []DownwardAPIVolumeFile, 2 defaultMode int?
EmptyDirVolumeSource: 1 medium string, 2 sizeLimit quantity?
EndpointAddress: 1 ip string, 2 targetRef ObjectReference?, 3 hostname string, 4 nodeName string?
EndpointPort: 1 name string, 2 port int, 3 protocol string, 4 appProtocol string?
EndpointSubset: 1 addresses []EndpointAddress, 2 notReadyAddresses []EndpointAddress, 3 ports []EndpointPort
Endpoints: 1 metadata ObjectMeta, 2 subsets []EndpointSubset
EnvFromSource: 1 prefix string, 2 configMapRef ConfigMapEnvSource?, 3 secretRef SecretEnvSource?
EnvVar: 1 name string, 2 value string, 3 valueFrom EnvVarSource?
EnvVarSource: 1 fieldRef ObjectFieldSelector?, 2 resourceFieldRef ResourceFieldSelector?, 3 configMapKeyRef ConfigMapKeySelector?, 4 secretKeyRef SecretKeySelector?, 5 fileKeyRef FileKeySelector?
EphemeralContainer: 1 ~ EphemeralContainerCommon, 2 targetContainerName string
EphemeralContainerCommon: 1 name string, 2 image string, 3 command []string, 4 args []string, 5 workingDir string, 6 ports []ContainerPort, 7 env []EnvVar, 8 resources ResourceRequirements, 9 volumeMounts []VolumeMount, 10 livenessProbe Probe?, 11 readinessProbe Probe?, 12 lifecycle Lifecycle?, 13 terminationMessagePath string, 14 imagePullPolicy string, 15 securityContext SecurityContext?, 16 stdin bool, 17 stdinOnce bool, 18 tty bool, 19 envFrom []EnvFromSource, 20 terminationMessagePolicy string, 21 volumeDevices []VolumeDevice, 22 startupProbe Probe?, 23 resizePolicy []ContainerResizePolicy, 24 restartPolicy string?, 25 restartPolicyRules []ContainerRestartRule
EphemeralVolumeSource: 1 volumeClaimTemplate PersistentVolumeClaimTemplate?
Event: 1 metadata ObjectMeta, 2 involvedObject ObjectReference, 3 reason string, 4 message string, 5 source EventSource, 6 firstTimestamp time, 7 lastTimestamp time, 8 count int, 9 type string, 10 eventTime microtime, 11 series EventSeries?, 12 action string, 13 related ObjectReference?, 14 reportingComponent string, 15 reportingInstance string
EventSeries: 1 count int, 2 lastObservedTime microtime
EventSource: 1 component string, 2 host string
Eviction: 1 metadata ObjectMeta, 2 deleteOptions DeleteOptions?
ExecAction: 1 command []string
ExternalMetricSource: 1 metric MetricIdentifier, 2 target MetricTarget
ExternalMetricStatus: 1 metric MetricIdentifier, 2 current MetricValueStatus
FCVolumeSource: 1 targetWWNs []string, 2 lun int?, 3 fsType string, 4 readOnly bool, 5 wwids []string
FieldSelectorAttributes: 1 rawSelector string, 2 requirements []FieldSelectorRequirement
FieldSelectorRequirement: 1 key string, 2 operator string, 3 values []string
FileKeySelector: 1 volumeName string, 2 path string, 3 key string, 4 optional bool?
FlexPersistentVolumeSource: 1 driver string, 2 fsType string, 3 secretRef SecretReference?, 4 readOnly bool, 5 options {}string
FlexVolumeSource: 1 driver string, 2 fsType string, 3 secretRef LocalObjectReference?, 4 readOnly bool, 5 options {}string
FlockerVolumeSource: 1 datasetName string, 2 datasetUUID string
GCEPersistentDiskVolumeSource: 1 pdName string, 2 fsType string, 3 partition int, 4 readOnly bool
GRPCAction: 1 port int, 2 service string?
GitRepoVolumeSource: 1 repository string, 2 revision string, 3 directory string
GlusterfsPersistentVolumeSource: 1 endpoints string, 2 path string, 3 readOnly bool, 4 endpointsNamespace string?
GlusterfsVolumeSource: 1 endpoints string, 2 path string, 3 readOnly bool
HPAScalingPolicy: 1 type string, 2 value int, 3 periodSeconds int
HPAScalingRules: 1 selectPolicy string?, 2 policies []HPAScalingPolicy, 3 stabilizationWindowSeconds int?, 4 tolerance quantity?
HTTPGetAction: 1 path string, 2 port intorstring, 3 host string, 4 scheme string, 5 httpHeaders []HTTPHeader
HTTPHeader: 1 name string, 2 value string
HTTPIngressPath: 1 path string, 2 backend IngressBackend, 3 pathType string?
HTTPIngressRuleValue: 1 paths []HTTPIngressPath
HorizontalPodAutoscaler: 1 metadata ObjectMeta, 2 spec HorizontalPodAutoscalerSpec, 3 status HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerBehavior: 1 scaleUp HPAScalingRules?, 2 scaleDown HPAScalingRules?
HorizontalPodAutoscalerCondition: 1 type string, 2 status string, 3 lastTransitionTime time, 4 reason string, 5 message string
HorizontalPodAutoscalerSpec: 1 scaleTargetRef CrossVersionObjectReference, 2 minReplicas int?, 3 maxReplicas int, 4 metrics []MetricSpec, 5 behavior HorizontalPodAutoscalerBehavior?
HorizontalPodAutoscalerStatus: 1 observedGeneration int?, 2 lastScaleTime time?, 3 currentReplicas int, 4 desiredReplicas int, 5 currentMetrics []MetricStatus, 6 conditions []HorizontalPodAutoscalerCondition
HostAlias: 1 ip string, 2 hostnames []string
HostIP: 1 ip string
HostPathVolumeSource: 1 path string, 2 type string?
IPBlock: 1 cidr string, 2 except []string
ISCSIPersistentVolumeSource: 1 targetPortal string, 2 iqn string, 3 lun int, 4 iscsiInterface string, 5 fsType string, 6 readOnly bool, 7 portals []string, 8 chapAuthDiscovery bool, 10 secretRef SecretReference?, 11 chapAuthSession bool, 12 initiatorName string?
ISCSIVolumeSource: 1 targetPortal string, 2 iqn string, 3 lun int, 4 iscsiInterface string, 5 fsType string, 6 readOnly bool, 7 portals []string, 8 chapAuthDiscovery bool, 10 secretRef LocalObjectReference?, 11 chapAuthSession bool, 12 initiatorName string?
ImageVolumeSource: 1 reference string, 2 pullPolicy string
ImageVolumeStatus: 1 imageRef string
Ingress: 1 metadata ObjectMeta, 2 spec IngressSpec, 3 status IngressStatus
IngressBackend: 3 resource TypedLocalObjectReference?, 4 service IngressServiceBackend?
IngressLoadBalancerIngress: 1 ip string, 2 hostname string, 4 ports []IngressPortStatus
IngressLoadBalancerStatus: 1 ingress []IngressLoadBalancerIngress
IngressPortStatus: 1 port int, 2 protocol string, 3 error string?
IngressRule: 1 host string, 2 ~ IngressRuleValue
IngressRuleValue: 1 http HTTPIngressRuleValue?
IngressServiceBackend: 1 name string, 2 port ServiceBackendPort
IngressSpec: 1 defaultBackend IngressBackend?, 2 tls []IngressTLS, 3 rules []IngressRule, 4 ingressClassName string?
IngressStatus: 1 loadBalancer IngressLoadBalancerStatus
IngressTLS: 1 hosts []string, 2 secretName string
Job: 1 metadata ObjectMeta, 2 spec JobSpec, 3 status JobStatus
JobCondition: 1 type string, 2 status string, 3 lastProbeTime time, 4 lastTransitionTime time, 5 reason string, 6 message string
JobSpec: 1 parallelism int?, 2 completions int?, 3 activeDeadlineSeconds int?, 4 selector LabelSelector?, 5 manualSelector bool?, 6 template PodTemplateSpec, 7 backoffLimit int?, 8 ttlSecondsAfterFinished int?, 9 completionMode string?, 10 suspend bool?, 11 podFailurePolicy PodFailurePolicy?, 12 backoffLimitPerIndex int?, 13 maxFailedIndexes int?, 14 podReplacementPolicy string?, 15 managedBy string?, 16 successPolicy SuccessPolicy?
JobStatus: 1 conditions []JobCondition, 2 startTime time?, 3 completionTime time?, 4 active int, 5 succeeded int, 6 failed int, 7 completedIndexes string, 8 uncountedTerminatedPods UncountedTerminatedPods?, 9 ready int?, 10 failedIndexes string?, 11 terminating int?
JobTemplateSpec: 1 metadata ObjectMeta, 2 spec JobSpec
KeyToPath: 1 key string, 2 path string, 3 mode int?
LabelSelector: 1 matchLabels {}string, 2 matchExpressions []LabelSelectorRequirement
LabelSelectorAttributes: 1 rawSelector string, 2 requirements []LabelSelectorRequirement
LabelSelectorRequirement: 1 key string, 2 operator string, 3 values []string
Lease: 1 metadata ObjectMeta, 2 spec LeaseSpec
LeaseSpec: 1 holderIdentity string?, 2 leaseDurationSeconds int?, 3 acquireTime microtime?, 4 renewTime microtime?, 5 leaseTransitions int?, 6 strategy string?, 7 preferredHolder string?
Lifecycle: 1 postStart LifecycleHandler?, 2 preStop LifecycleHandler?, 3 stopSignal string?
LifecycleHandler: 1 exec ExecAction?, 2 httpGet HTTPGetAction?, 3 tcpSocket TCPSocketAction?, 4 sleep SleepAction?
LimitRange: 1 metadata ObjectMeta, 2 spec LimitRangeSpec
LimitRangeItem: 1 type string, 2 max {}quantity, 3 min {}quantity, 4 default {}quantity, 5 defaultRequest {}quantity, 6 maxLimitRequestRatio {}quantity
LimitRangeSpec: 1 limits []LimitRangeItem
LinuxContainerUser: 1 uid int, 2 gid int, 3 supplementalGroups []int
LoadBalancerIngress: 1 ip string, 2 hostname string, 3 ipMode string?, 4 ports []PortStatus
LoadBalancerStatus: 1 ingress []LoadBalancerIngress
LocalObjectReference: 1 name string
LocalSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SubjectAccessReviewSpec, 3 status SubjectAccessReviewStatus
LocalVolumeSource: 1 path string, 2 fsType string?
ManagedFieldsEntry: 1 manager string, 2 operation string, 3 apiVersion string, 4 time time?, 6 fieldsType string, 7 fieldsV1 rawjson?, 8 subresource string
MetricIdentifier: 1 name string, 2 selector LabelSelector?
MetricSpec: 1 type string, 2 object ObjectMetricSource?, 3 pods PodsMetricSource?, 4 resource ResourceMetricSource?, 5 external ExternalMetricSource?, 7 containerResource ContainerResourceMetricSource?
MetricStatus: 1 type string, 2 object ObjectMetricStatus?, 3 pods PodsMetricStatus?, 4 resource ResourceMetricStatus?, 5 external ExternalMetricStatus?, 7 containerResource ContainerResourceMetricStatus?
MetricTarget: 1 type string, 2 value quantity?, 3 averageValue quantity?, 4 averageUtilization int?
MetricValueStatus: 1 value quantity?, 2 averageValue quantity?, 3 averageUtilization int?
ModifyVolumeStatus: 1 targetVolumeAttributesClassName string, 2 status string
NFSVolumeSource: 1 server string, 2 path string, 3 readOnly bool
Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status NamespaceStatus
NamespaceCondition: 1 type string, 2 status string, 4 lastTransitionTime time, 5 reason string, 6 message string
NamespaceSpec: 1 finalizers []string
NamespaceStatus: 1 phase string, 2 conditions []NamespaceCondition
NetworkPolicy: 1 metadata ObjectMeta, 2 spec NetworkPolicySpec
NetworkPolicyEgressRule: 1 ports []NetworkPolicyPort, 2 to []NetworkPolicyPeer
NetworkPolicyIngressRule: 1 ports []NetworkPolicyPort, 2 from []NetworkPolicyPeer
NetworkPolicyPeer: 1 podSelector LabelSelector?, 2 namespaceSelector LabelSelector?, 3 ipBlock IPBlock?
NetworkPolicyPort: 1 protocol string?, 2 port intorstring?, 3 endPort int?
NetworkPolicySpec: 1 podSelector LabelSelector, 2 ingress []NetworkPolicyIngressRule, 3 egress []NetworkPolicyEgressRule, 4 policyTypes []string
Node: 1 metadata ObjectMeta, 2 spec NodeSpec, 3 status NodeStatus
NodeAddress: 1 type string, 2 address string
NodeAffinity: 1 requiredDuringSchedulingIgnoredDuringExecution NodeSelector?, 2 preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm
NodeAllocatableResourceClaimStatus: 1 resourceClaimName string, 2 containers []string, 3 resources {}quantity
NodeCondition: 1 type string, 2 status string, 3 lastHeartbeatTime time, 4 lastTransitionTime time, 5 reason string, 6 message string
NodeConfigSource: 2 configMap ConfigMapNodeConfigSource?
NodeConfigStatus: 1 assigned NodeConfigSource?, 2 active NodeConfigSource?, 3 lastKnownGood NodeConfigSource?, 4 error string
NodeDaemonEndpoints: 1 kubeletEndpoint DaemonEndpoint
NodeFeatures: 1 supplementalGroupsPolicy bool?
NodeRuntimeHandler: 1 name string, 2 features NodeRuntimeHandlerFeatures?
NodeRuntimeHandlerFeatures: 1 recursiveReadOnlyMounts bool?, 2 userNamespaces bool?
NodeSelector: 1 nodeSelectorTerms []NodeSelectorTerm
NodeSelectorRequirement: 1 key string, 2 operator string, 3 values []string
NodeSelectorTerm: 1 matchExpressions []NodeSelectorRequirement, 2 matchFields []NodeSelectorRequirement
NodeSpec: 1 podCIDR string, 2 externalID string, 3 providerID string, 4 unschedulable bool, 5 taints []Taint, 6 configSource NodeConfigSource?, 7 podCIDRs []string
NodeStatus: 1 capacity {}quantity, 2 allocatable {}quantity, 3 phase string, 4 conditions []NodeCondition, 5 addresses []NodeAddress, 6 daemonEndpoints NodeDaemonEndpoints, 7 nodeInfo NodeSystemInfo, 8 images []ContainerImage, 9 volumesInUse []string, 10 volumesAttached []AttachedVolume, 11 config NodeConfigStatus?, 12 runtimeHandlers []NodeRuntimeHandler, 13 features NodeFeatures?, 14 declaredFeatures []string
NodeSwapStatus: 1 capacity int?
NodeSystemInfo: 1 machineID string, 2 systemUUID string, 3 bootID string, 4 kernelVersion string, 5 osImage string, 6 containerRuntimeVersion string, 7 kubeletVersion string, 8 kubeProxyVersion string, 9 operatingSystem string, 10 architecture string, 11 swap NodeSwapStatus?
NonResourceAttributes: 1 path string, 2 verb string
NonResourceRule: 1 verbs []string, 2 nonResourceURLs []string
ObjectFieldSelector: 1 apiVersion string, 2 fieldPath string
ObjectMeta: 1 name string, 2 generateName string, 3 namespace string, 4 selfLink string, 5 uid string, 6 resourceVersion string, 7 generation int, 8 creationTimestamp time, 9 deletionTimestamp time?, 10 deletionGracePeriodSeconds int?, 11 labels {}string, 12 annotations {}string, 13 ownerReferences []OwnerReference, 14 finalizers []string, 17 managedFields []ManagedFieldsEntry
ObjectMetricSource: 1 describedObject CrossVersionObjectReference, 2 target MetricTarget, 3 metric MetricIdentifier
ObjectMetricStatus: 1 metric MetricIdentifier, 2 current MetricValueStatus, 3 describedObject CrossVersionObjectReference
ObjectReference: 1 kind string, 2 namespace string, 3 name string, 4 uid string, 5 apiVersion string, 6 resourceVersion string, 7 fieldPath string
OwnerReference: 1 kind string, 3 name string, 4 uid string, 5 apiVersion string, 6 controller bool?, 7 blockOwnerDeletion bool?
PersistentVolume: 1 metadata ObjectMeta, 2 spec PersistentVolumeSpec, 3 status PersistentVolumeStatus
PersistentVolumeClaim: 1 metadata ObjectMeta, 2 spec PersistentVolumeClaimSpec, 3 status PersistentVolumeClaimStatus
PersistentVolumeClaimCondition: 1 type string, 2 status string, 3 lastProbeTime time, 4 lastTransitionTime time, 5 reason string, 6 message string
PersistentVolumeClaimSpec: 1 accessModes []string, 2 resources VolumeResourceRequirements, 3 volumeName string, 4 selector LabelSelector?, 5 storageClassName string?, 6 volumeMode string?, 7 dataSource TypedLocalObjectReference?, 8 dataSourceRef TypedObjectReference?, 9 volumeAttributesClassName string?
PersistentVolumeClaimStatus: 1 phase string, 2 accessModes []string, 3 capacity {}quantity, 4 conditions []PersistentVolumeClaimCondition, 5 allocatedResources {}quantity, 7 allocatedResourceStatuses {}string, 8 currentVolumeAttributesClassName string?, 9 modifyVolumeStatus ModifyVolumeStatus?
PersistentVolumeClaimTemplate: 1 metadata ObjectMeta, 2 spec PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource: 1 claimName string, 2 readOnly bool
PersistentVolumeSource: 1 gcePersistentDisk GCEPersistentDiskVolumeSource?, 2 awsElasticBlockStore AWSElasticBlockStoreVolumeSource?, 3 hostPath HostPathVolumeSource?, 4 glusterfs GlusterfsPersistentVolumeSource?, 5 nfs NFSVolumeSource?, 6 rbd RBDPersistentVolumeSource?, 7 iscsi ISCSIPersistentVolumeSource?, 8 cinder CinderPersistentVolumeSource?, 9 cephfs CephFSPersistentVolumeSource?, 10 fc FCVolumeSource?, 11 flocker FlockerVolumeSource?, 12 flexVolume FlexPersistentVolumeSource?, 13 azureFile AzureFilePersistentVolumeSource?, 14 vsphereVolume VsphereVirtualDiskVolumeSource?, 15 quobyte QuobyteVolumeSource?, 16 azureDisk AzureDiskVolumeSource?, 17 photonPersistentDisk PhotonPersistentDiskVolumeSource?, 18 portworxVolume PortworxVolumeSource?, 19 scaleIO ScaleIOPersistentVolumeSource?, 20 local LocalVolumeSource?, 21 storageos StorageOSPersistentVolumeSource?, 22 csi CSIPersistentVolumeSource?
PersistentVolumeSpec: 1 capacity {}quantity, 2 ~ PersistentVolumeSource, 3 accessModes []string, 4 claimRef ObjectReference?, 5 persistentVolumeReclaimPolicy string, 6 storageClassName string, 7 mountOptions []string, 8 volumeMode string?, 9 nodeAffinity VolumeNodeAffinity?, 10 volumeAttributesClassName string?
PersistentVolumeStatus: 1 phase string, 2 message string, 3 reason string, 4 lastPhaseTransitionTime time?
PhotonPersistentDiskVolumeSource: 1 pdID string, 2 fsType string
Pod: 1 metadata ObjectMeta, 2 spec PodSpec, 3 status PodStatus
PodAffinity: 1 requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm, 2 preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodAffinityTerm: 1 labelSelector LabelSelector?, 2 namespaces []string, 3 topologyKey string, 4 namespaceSelector LabelSelector?, 5 matchLabelKeys []string, 6 mismatchLabelKeys []string
PodAntiAffinity: 1 requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm, 2 preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodCertificateProjection: 1 signerName string, 2 keyType string, 3 maxExpirationSeconds int?, 4 credentialBundlePath string, 5 keyPath string, 6 certificateChainPath string, 7 userAnnotations {}string
PodCondition: 1 type string, 2 status string, 3 lastProbeTime time, 4 lastTransitionTime time, 5 reason string, 6 message string, 7 observedGeneration int
PodDNSConfig: 1 nameservers []string, 2 searches []string, 3 options []PodDNSConfigOption
PodDNSConfigOption: 1 name string, 2 value string?
PodDisruptionBudget: 1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec, 3 status PodDisruptionBudgetStatus
PodDisruptionBudgetSpec: 1 minAvailable intorstring?, 2 selector LabelSelector?, 3 maxUnavailable intorstring?, 4 unhealthyPodEvictionPolicy string?
PodDisruptionBudgetStatus: 1 observedGeneration int, 2 disruptedPods {}time, 3 disruptionsAllowed int, 4 currentHealthy int, 5 desiredHealthy int, 6 expectedPods int, 7 conditions []Condition
PodExtendedResourceClaimStatus: 1 requestMappings []ContainerExtendedResourceRequest, 2 resourceClaimName string
PodFailurePolicy: 1 rules []PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement: 1 containerName string?, 2 operator string, 3 values []int
PodFailurePolicyOnPodConditionsPattern: 1 type string, 2 status string
PodFailurePolicyRule: 1 action string, 2 onExitCodes PodFailurePolicyOnExitCodesRequirement?, 3 onPodConditions []PodFailurePolicyOnPodConditionsPattern
PodIP: 1 ip string
PodOS: 1 name string
PodReadinessGate: 1 conditionType string
PodResourceClaim: 1 name string, 3 resourceClaimName string?, 4 resourceClaimTemplateName string?
PodResourceClaimStatus: 1 name string, 2 resourceClaimName string?
PodSchedulingGate: 1 name string
PodSchedulingGroup: 1 podGroupName string?
PodSecurityContext: 1 seLinuxOptions SELinuxOptions?, 2 runAsUser int?, 3 runAsNonRoot bool?, 4 supplementalGroups []int, 5 fsGroup int?, 6 runAsGroup int?, 7 sysctls []Sysctl, 8 windowsOptions WindowsSecurityContextOptions?, 9 fsGroupChangePolicy string?, 10 seccompProfile SeccompProfile?, 11 appArmorProfile AppArmorProfile?, 12 supplementalGroupsPolicy string?, 13 seLinuxChangePolicy string?
PodSpec: 1 volumes []Volume, 2 containers []Container, 3 restartPolicy string, 4 terminationGracePeriodSeconds int?, 5 activeDeadlineSeconds int?, 6 dnsPolicy string, 7 nodeSelector {}string, 8 serviceAccountName string, 9 serviceAccount string, 10 nodeName string, 11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool, 14 securityContext PodSecurityContext?, 15 imagePullSecrets []LocalObjectReference, 16 hostname string, 17 subdomain string, 18 affinity Affinity?, 19 schedulerName string, 20 initContainers []Container, 21 automountServiceAccountToken bool?, 22 tolerations []Toleration, 23 hostAliases []HostAlias, 24 priorityClassName string, 25 priority int?, 26 dnsConfig PodDNSConfig?, 27 shareProcessNamespace bool?, 28 readinessGates []PodReadinessGate, 29 runtimeClassName string?, 30 enableServiceLinks bool?, 31 preemptionPolicy string?, 32 overhead {}quantity, 33 topologySpreadConstraints []TopologySpreadConstraint, 34 ephemeralContainers []EphemeralContainer, 35 setHostnameAsFQDN bool?, 36 os PodOS?, 37 hostUsers bool?, 38 schedulingGates []PodSchedulingGate, 39 resourceClaims []PodResourceClaim, 40 resources ResourceRequirements?, 41 hostnameOverride string?, 43 schedulingGroup PodSchedulingGroup?
PodStatus: 1 phase string, 2 conditions []PodCondition, 3 message string, 4 reason string, 5 hostIP string, 6 podIP string, 7 startTime time?, 8 containerStatuses []ContainerStatus, 9 qosClass string, 10 initContainerStatuses []ContainerStatus, 11 nominatedNodeName string, 12 podIPs []PodIP, 13 ephemeralContainerStatuses []ContainerStatus, 14 resize string, 15 resourceClaimStatuses []PodResourceClaimStatus, 16 hostIPs []HostIP, 17 observedGeneration int, 18 extendedResourceClaimStatus PodExtendedResourceClaimStatus?, 19 allocatedResources {}quantity, 20 resources ResourceRequirements?, 21 nodeAllocatableResourceClaimStatuses []NodeAllocatableResourceClaimStatus
PodTemplateSpec: 1 metadata ObjectMeta, 2 spec PodSpec
PodsMetricSource: 1 metric MetricIdentifier, 2 target MetricTarget
PodsMetricStatus: 1 metric MetricIdentifier, 2 current MetricValueStatus
PolicyRule: 1 verbs []string, 2 apiGroups []string, 3 resources []string, 4 resourceNames []string, 5 nonResourceURLs []string
PortStatus: 1 port int, 2 protocol string, 3 error string?
PortworxVolumeSource: 1 volumeID string, 2 fsType string, 3 readOnly bool
Preconditions: 1 uid string?, 2 resourceVersion string?
PreferredSchedulingTerm: 1 weight int, 2 preference NodeSelectorTerm
PriorityClass: 1 metadata ObjectMeta, 2 value int, 3 globalDefault bool, 4 description string, 5 preemptionPolicy string?
Probe: 1 ~ ProbeHandler, 2 initialDelaySeconds int, 3 timeoutSeconds int, 4 periodSeconds int, 5 successThreshold int, 6 failureThreshold int, 7 terminationGracePeriodSeconds int?
ProbeHandler: 1 exec ExecAction?, 2 httpGet HTTPGetAction?, 3 tcpSocket TCPSocketAction?, 4 grpc GRPCAction?
ProjectedVolumeSource: 1 sources []VolumeProjection, 2 defaultMode int?
QuobyteVolumeSource: 1 registry string, 2 volume string, 3 readOnly bool, 4 user string, 5 group string, 6 tenant string
RBDPersistentVolumeSource: 1 monitors []string, 2 image string, 3 fsType string, 4 pool string, 5 user string, 6 keyring string, 7 secretRef SecretReference?, 8 readOnly bool
RBDVolumeSource: 1 monitors []string, 2 image string, 3 fsType string, 4 pool string, 5 user string, 6 keyring string, 7 secretRef LocalObjectReference?, 8 readOnly bool
ReplicaSet: 1 metadata ObjectMeta, 2 spec ReplicaSetSpec, 3 status ReplicaSetStatus
ReplicaSetCondition: 1 type string, 2 status string, 3 lastTransitionTime time, 4 reason string, 5 message string
ReplicaSetSpec: 1 replicas int?, 2 selector LabelSelector?, 3 template PodTemplateSpec, 4 minReadySeconds int
ReplicaSetStatus: 1 replicas int, 2 fullyLabeledReplicas int, 3 observedGeneration int, 4 readyReplicas int, 5 availableReplicas int, 6 conditions []ReplicaSetCondition, 7 terminatingReplicas int?
ReplicationController: 1 metadata ObjectMeta, 2 spec ReplicationControllerSpec, 3 status ReplicationControllerStatus
ReplicationControllerCondition: 1 type string, 2 status string, 3 lastTransitionTime time, 4 reason string, 5 message string
ReplicationControllerSpec: 1 replicas int?, 2 selector {}string, 3 template PodTemplateSpec?, 4 minReadySeconds int
ReplicationControllerStatus: 1 replicas int, 2 fullyLabeledReplicas int, 3 observedGeneration int, 4 readyReplicas int, 5 availableReplicas int, 6 conditions []ReplicationControllerCondition
ResourceAttributes: 1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, 6 subresource string, 7 name string, 8 fieldSelector FieldSelectorAttributes?, 9 labelSelector LabelSelectorAttributes?
ResourceClaim: 1 name string, 2 request string
ResourceFieldSelector: 1 containerName string, 2 resource string, 3 divisor quantity
ResourceHealth: 1 resourceID string, 2 health string, 6 message string?
ResourceMetricSource: 1 name string, 2 target MetricTarget
ResourceMetricStatus: 1 name string, 2 current MetricValueStatus
ResourceQuota: 1 metadata ObjectMeta, 2 spec ResourceQuotaSpec, 3 status ResourceQuotaStatus
ResourceQuotaSpec: 1 hard {}quantity, 2 scopes []string, 3 scopeSelector ScopeSelector?
ResourceQuotaStatus: 1 hard {}quantity, 2 used {}quantity
ResourceRequirements: 1 limits {}quantity, 2 requests {}quantity, 3 claims []ResourceClaim
ResourceRule: 1 verbs []string, 2 apiGroups []string, 3 resources []string, 4 resourceNames []string
ResourceStatus: 1 name string, 2 resources []ResourceHealth
Role: 1 metadata ObjectMeta, 2 rules []PolicyRule
RoleBinding: 1 metadata ObjectMeta, 2 subjects []Subject, 3 roleRef RoleRef
RoleRef: 1 apiGroup string, 2 kind string, 3 name string
RollingUpdateDaemonSet: 1 maxUnavailable intorstring?, 2 maxSurge intorstring?
RollingUpdateDeployment: 1 maxUnavailable intorstring?, 2 maxSurge intorstring?
RollingUpdateStatefulSetStrategy: 1 partition int?, 2 maxUnavailable intorstring?
SELinuxOptions: 1 user string, 2 role string, 3 type string, 4 level string
Scale: 1 metadata ObjectMeta, 2 spec ScaleSpec, 3 status ScaleStatus
ScaleIOPersistentVolumeSource: 1 gateway string, 2 system string, 3 secretRef SecretReference?, 4 sslEnabled bool, 5 protectionDomain string, 6 storagePool string, 7 storageMode string, 8 volumeName string, 9 fsType string, 10 readOnly bool
ScaleIOVolumeSource: 1 gateway string, 2 system string, 3 secretRef LocalObjectReference?, 4 sslEnabled bool, 5 protectionDomain string, 6 storagePool string, 7 storageMode string, 8 volumeName string, 9 fsType string, 10 readOnly bool
ScaleSpec: 1 replicas int
ScaleStatus: 1 replicas int, 2 selector string
ScopeSelector: 1 matchExpressions []ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement: 1 scopeName string, 2 operator string, 3 values []string
SeccompProfile: 1 type string, 2 localhostProfile string?
Secret: 1 metadata ObjectMeta, 2 data {}bytes, 3 type string, 4 stringData {}string, 5 immutable bool?
SecretEnvSource: 1 ~ LocalObjectReference, 2 optional bool?
SecretKeySelector: 1 ~ LocalObjectReference, 2 key string, 3 optional bool?
SecretProjection: 1 ~ LocalObjectReference, 2 items []KeyToPath, 4 optional bool?
SecretReference: 1 name string, 2 namespace string
SecretVolumeSource: 1 secretName string, 2 items []KeyToPath, 3 defaultMode int?, 4 optional bool?
SecurityContext: 1 capabilities Capabilities?, 2 privileged bool?, 3 seLinuxOptions SELinuxOptions?, 4 runAsUser int?, 5 runAsNonRoot bool?, 6 readOnlyRootFilesystem bool?, 7 allowPrivilegeEscalation bool?, 8 runAsGroup int?, 9 procMount string?, 10 windowsOptions WindowsSecurityContextOptions?, 11 seccompProfile SeccompProfile?, 12 appArmorProfile AppArmorProfile?
SelfSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec, 3 status SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes?, 2 nonResourceAttributes NonResourceAttributes?
SelfSubjectReview: 1 metadata ObjectMeta, 2 status SelfSubjectReviewStatus
SelfSubjectReviewStatus: 1 userInfo UserInfo
SelfSubjectRulesReview: 1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec, 3 status SubjectRulesReviewStatus
SelfSubjectRulesReviewSpec: 1 namespace string
Service: 1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status ServiceStatus
ServiceAccount: 1 metadata ObjectMeta, 2 secrets []ObjectReference, 3 imagePullSecrets []LocalObjectReference, 4 automountServiceAccountToken bool?
ServiceAccountTokenProjection: 1 audience string, 2 expirationSeconds int?, 3 path string
ServiceBackendPort: 1 name string, 2 number int
ServicePort: 1 name string, 2 protocol string, 3 port int, 4 targetPort intorstring, 5 nodePort int, 6 appProtocol string?
ServiceSpec: 1 ports []ServicePort, 2 selector {}string, 3 clusterIP string, 4 type string, 5 externalIPs []string, 7 sessionAffinity string, 8 loadBalancerIP string, 9 loadBalancerSourceRanges []string, 10 externalName string, 11 externalTrafficPolicy string, 12 healthCheckNodePort int, 13 publishNotReadyAddresses bool, 14 sessionAffinityConfig SessionAffinityConfig?, 17 ipFamilyPolicy string?, 18 clusterIPs []string, 19 ipFamilies []string, 20 allocateLoadBalancerNodePorts bool?, 21 loadBalancerClass string?, 22 internalTrafficPolicy string?, 23 trafficDistribution string?
ServiceStatus: 1 loadBalancer LoadBalancerStatus, 2 conditions []Condition
SessionAffinityConfig: 1 clientIP ClientIPConfig?
SleepAction: 1 seconds int
StatefulSet: 1 metadata ObjectMeta, 2 spec StatefulSetSpec, 3 status StatefulSetStatus
StatefulSetCondition: 1 type string, 2 status string, 3 lastTransitionTime time, 4 reason string, 5 message string
StatefulSetOrdinals: 1 start int
StatefulSetPersistentVolumeClaimRetentionPolicy: 1 whenDeleted string, 2 whenScaled string
StatefulSetSpec: 1 replicas int?, 2 selector LabelSelector?, 3 template PodTemplateSpec, 4 volumeClaimTemplates []PersistentVolumeClaim, 5 serviceName string, 6 podManagementPolicy string, 7 updateStrategy StatefulSetUpdateStrategy, 8 revisionHistoryLimit int?, 9 minReadySeconds int, 10 persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy?, 11 ordinals StatefulSetOrdinals?
StatefulSetStatus: 1 observedGeneration int, 2 replicas int, 3 readyReplicas int, 4 currentReplicas int, 5 updatedReplicas int, 6 currentRevision string, 7 updateRevision string, 9 collisionCount int?, 10 conditions []StatefulSetCondition, 11 availableReplicas int
StatefulSetUpdateStrategy: 1 type string, 2 rollingUpdate RollingUpdateStatefulSetStrategy?
StorageOSPersistentVolumeSource: 1 volumeName string, 2 volumeNamespace string, 3 fsType string, 4 readOnly bool, 5 secretRef ObjectReference?
StorageOSVolumeSource: 1 volumeName string, 2 volumeNamespace string, 3 fsType string, 4 readOnly bool, 5 secretRef LocalObjectReference?
Subject: 1 kind string, 2 apiGroup string, 3 name string, 4 namespace string
SubjectAccessReview: 1 metadata ObjectMeta, 2 spec SubjectAccessReviewSpec, 3 status SubjectAccessReviewStatus
SubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes?, 2 nonResourceAttributes NonResourceAttributes?, 3 user string, 4 groups []string, 5 extra {}items, 6 uid string
SubjectAccessReviewStatus: 1 allowed bool, 2 reason string, 3 evaluationError string, 4 denied bool
SubjectRulesReviewStatus: 1 resourceRules []ResourceRule, 2 nonResourceRules []NonResourceRule, 3 incomplete bool, 4 evaluationError string
SuccessPolicy: 1 rules []SuccessPolicyRule
SuccessPolicyRule: 1 succeededIndexes string?, 2 succeededCount int?
Sysctl: 1 name string, 2 value string
TCPSocketAction: 1 port intorstring, 2 host string
Taint: 1 key string, 2 value string, 3 effect string, 4 timeAdded time?
TokenRequest: 1 metadata ObjectMeta, 2 spec TokenRequestSpec, 3 status TokenRequestStatus
TokenRequestSpec: 1 audiences []string, 3 boundObjectRef BoundObjectReference?, 4 expirationSeconds int?
TokenRequestStatus: 1 token string, 2 expirationTimestamp time
TokenReview: 1 metadata ObjectMeta, 2 spec TokenReviewSpec, 3 status TokenReviewStatus
TokenReviewSpec: 1 token string, 2 audiences []string
TokenReviewStatus: 1 authenticated bool, 2 user UserInfo, 3 error string, 4 audiences []string
Toleration: 1 key string, 2 operator string, 3 value string, 4 effect string, 5 tolerationSeconds int?
TopologySpreadConstraint: 1 maxSkew int, 2 topologyKey string, 3 whenUnsatisfiable string, 4 labelSelector LabelSelector?, 5 minDomains int?, 6 nodeAffinityPolicy string?, 7 nodeTaintsPolicy string?, 8 matchLabelKeys []string
TypedLocalObjectReference: 1 apiGroup string?, 2 kind string, 3 name string
TypedObjectReference: 1 apiGroup string?, 2 kind string, 3 name string, 4 namespace string?
UncountedTerminatedPods: 1 succeeded []string, 2 failed []string
UserInfo: 1 username string, 2 uid string, 3 groups []string, 4 extra {}items
Volume: 1 name string, 2 ~ VolumeSource
VolumeDevice: 1 name string, 2 devicePath string
VolumeMount: 1 name string, 2 readOnly bool, 3 mountPath string, 4 subPath string, 5 mountPropagation string?, 6 subPathExpr string, 7 recursiveReadOnly string?
VolumeMountStatus: 1 name string, 2 mountPath string, 3 readOnly bool, 4 recursiveReadOnly string?, 5 volumeStatus VolumeStatus?
VolumeNodeAffinity: 1 required NodeSelector?
VolumeProjection: 1 secret SecretProjection?, 2 downwardAPI DownwardAPIProjection?, 3 configMap ConfigMapProjection?, 4 serviceAccountToken ServiceAccountTokenProjection?, 5 clusterTrustBundle ClusterTrustBundleProjection?, 6 podCertificate PodCertificateProjection?
VolumeResourceRequirements: 1 limits {}quantity, 2 requests {}quantity
VolumeSource: 1 hostPath HostPathVolumeSource?, 2 emptyDir EmptyDirVolumeSource?, 3 gcePersistentDisk GCEPersistentDiskVolumeSource?, 4 awsElasticBlockStore AWSElasticBlockStoreVolumeSource?, 5 gitRepo GitRepoVolumeSource?, 6 secret SecretVolumeSource?, 7 nfs NFSVolumeSource?, 8 iscsi ISCSIVolumeSource?, 9 glusterfs GlusterfsVolumeSource?, 10 persistentVolumeClaim PersistentVolumeClaimVolumeSource?, 11 rbd RBDVolumeSource?, 12 flexVolume FlexVolumeSource?, 13 cinder CinderVolumeSource?, 14 cephfs CephFSVolumeSource?, 15 flocker FlockerVolumeSource?, 16 downwardAPI DownwardAPIVolumeSource?, 17 fc FCVolumeSource?, 18 azureFile AzureFileVolumeSource?, 19 configMap ConfigMapVolumeSource?, 20 vsphereVolume VsphereVirtualDiskVolumeSource?, 21 quobyte QuobyteVolumeSource?, 22 azureDisk AzureDiskVolumeSource?, 23 photonPersistentDisk PhotonPersistentDiskVolumeSource?, 24 portworxVolume PortworxVolumeSource?, 25 scaleIO ScaleIOVolumeSource?, 26 projected ProjectedVolumeSource?, 27 storageos StorageOSVolumeSource?, 28 csi CSIVolumeSource?, 29 ephemeral EphemeralVolumeSource?, 30 image ImageVolumeSource?
VolumeStatus: 1 image ImageVolumeStatus?
VsphereVirtualDiskVolumeSource: 1 volumePath string, 2 fsType string, 3 storagePolicyName string, 4 storagePolicyID string
WeightedPodAffinityTerm: 1 weight int, 2 podAffinityTerm PodAffinityTerm
WindowsSecurityContextOptions: 1 gmsaCredentialSpecName string?, 2 gmsaCredentialSpec string?, 3 runAsUserName string?, 4 hostProcess bool?
`;
