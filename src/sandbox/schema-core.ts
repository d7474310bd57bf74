// The fields of the built-in types of core/v1: pods, services, nodes, configuration, volumes. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const coreSchemas: Readonly<Record<string, string>> = {
  'io.k8s.api.core.v1': `
AWSElasticBlockStoreVolumeSource
  fsType string
  partition int
  readOnly bool
  volumeID! string
Affinity
  nodeAffinity NodeAffinity
  podAffinity PodAffinity
  podAntiAffinity PodAntiAffinity
AppArmorProfile
  localhostProfile string
  type! "Localhost|RuntimeDefault|Unconfined"
AttachedVolume
  devicePath! string
  name! string
AzureDiskVolumeSource
  cachingMode "None|ReadOnly|ReadWrite" =ReadWrite
  diskName! string
  diskURI! string
  fsType string =ext4
  kind "Dedicated|Managed|Shared" =Shared
  readOnly bool
AzureFilePersistentVolumeSource
  readOnly bool
  secretName! string
  secretNamespace string
  shareName! string
AzureFileVolumeSource
  readOnly bool
  secretName! string
  shareName! string
Binding kind
  target! ObjectReference
CSIPersistentVolumeSource
  controllerExpandSecretRef SecretReference
  controllerPublishSecretRef SecretReference
  driver! string
  fsType string
  nodeExpandSecretRef SecretReference
  nodePublishSecretRef SecretReference
  nodeStageSecretRef SecretReference
  readOnly bool
  volumeAttributes {string}
  volumeHandle! string
CSIVolumeSource
  driver! string
  fsType string
  nodePublishSecretRef LocalObjectReference
  readOnly bool
  volumeAttributes {string}
Capabilities
  add [string]
  drop [string]
CephFSPersistentVolumeSource
  monitors! [string]
  path string
  readOnly bool
  secretFile string
  secretRef SecretReference
  user string
CephFSVolumeSource
  monitors! [string]
  path string
  readOnly bool
  secretFile string
  secretRef LocalObjectReference
  user string
CinderPersistentVolumeSource
  fsType string
  readOnly bool
  secretRef SecretReference
  volumeID! string
CinderVolumeSource
  fsType string
  readOnly bool
  secretRef LocalObjectReference
  volumeID! string
ClientIPConfig
  timeoutSeconds int
ClusterTrustBundleProjection
  labelSelector LabelSelector
  name string
  optional bool
  path! string
  signerName string
ComponentCondition
  error string
  message string
  status! string
  type! string
ComponentStatus kind
  conditions [ComponentCondition] @type merge=type
ConfigMap kind
  binaryData {bytes}
  data {string}
  immutable bool
ConfigMapEnvSource
  name string
  optional bool
ConfigMapKeySelector atomic
  key! string
  name string
  optional bool
ConfigMapNodeConfigSource
  kubeletConfigKey! string
  name! string
  namespace! string
  resourceVersion string
  uid string
ConfigMapProjection
  items [KeyToPath]
  name string
  optional bool
ConfigMapVolumeSource
  defaultMode int
  items [KeyToPath]
  name string
  optional bool
Container
  args [string]
  command [string]
  env [EnvVar] @name merge=name
  envFrom [EnvFromSource]
  image string
  imagePullPolicy "Always|IfNotPresent|Never"
  lifecycle Lifecycle
  livenessProbe Probe
  name! string
  ports [ContainerPort] @containerPort,protocol merge=containerPort
  readinessProbe Probe
  resizePolicy [ContainerResizePolicy]
  resources ResourceRequirements
  restartPolicy string
  restartPolicyRules [ContainerRestartRule]
  securityContext SecurityContext
  startupProbe Probe
  stdin bool
  stdinOnce bool
  terminationMessagePath string
  terminationMessagePolicy "FallbackToLogsOnError|File"
  tty bool
  volumeDevices [VolumeDevice] @devicePath merge=devicePath
  volumeMounts [VolumeMount] @mountPath merge=mountPath
  workingDir string
ContainerExtendedResourceRequest
  containerName! string
  requestName! string
  resourceName! string
ContainerImage
  names [string]
  sizeBytes long
ContainerPort
  containerPort! int
  hostIP string
  hostPort int
  name string
  protocol "SCTP|TCP|UDP" =TCP
ContainerResizePolicy
  resourceName! string
  restartPolicy! string
ContainerRestartRule
  action! string
  exitCodes ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes
  operator! string
  values [int] set
ContainerState
  running ContainerStateRunning
  terminated ContainerStateTerminated
  waiting ContainerStateWaiting
ContainerStateRunning
  startedAt Time
ContainerStateTerminated
  containerID string
  exitCode! int
  finishedAt Time
  message string
  reason string
  signal int
  startedAt Time
ContainerStateWaiting
  message string
  reason string
ContainerStatus
  allocatedResources {Quantity}
  allocatedResourcesStatus [ResourceStatus] @name merge=name
  containerID string
  image! string
  imageID! string
  lastState ContainerState
  name! string
  ready! bool
  resources ResourceRequirements
  restartCount! int
  started bool
  state ContainerState
  stopSignal "SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ"
  user ContainerUser
  volumeMounts [VolumeMountStatus] @mountPath merge=mountPath
ContainerUser
  linux LinuxContainerUser
DaemonEndpoint
  Port! int
DownwardAPIProjection
  items [DownwardAPIVolumeFile]
DownwardAPIVolumeFile
  fieldRef ObjectFieldSelector
  mode int
  path! string
  resourceFieldRef ResourceFieldSelector
DownwardAPIVolumeSource
  defaultMode int
  items [DownwardAPIVolumeFile]
EmptyDirVolumeSource
  medium string
  sizeLimit Quantity
EndpointAddress atomic
  hostname string
  ip! string
  nodeName string
  targetRef ObjectReference
EndpointPort atomic
  appProtocol string
  name string
  port! int
  protocol "SCTP|TCP|UDP"
EndpointSubset
  addresses [EndpointAddress]
  notReadyAddresses [EndpointAddress]
  ports [EndpointPort]
Endpoints kind
  subsets [EndpointSubset]
EnvFromSource
  configMapRef ConfigMapEnvSource
  prefix string
  secretRef SecretEnvSource
EnvVar
  name! string
  value string
  valueFrom EnvVarSource
EnvVarSource
  configMapKeyRef ConfigMapKeySelector
  fieldRef ObjectFieldSelector
  fileKeyRef FileKeySelector
  resourceFieldRef ResourceFieldSelector
  secretKeyRef SecretKeySelector
EphemeralContainer
  args [string]
  command [string]
  env [EnvVar] @name merge=name
  envFrom [EnvFromSource]
  image string
  imagePullPolicy "Always|IfNotPresent|Never"
  lifecycle Lifecycle
  livenessProbe Probe
  name! string
  ports [ContainerPort] @containerPort,protocol merge=containerPort
  readinessProbe Probe
  resizePolicy [ContainerResizePolicy]
  resources ResourceRequirements
  restartPolicy string
  restartPolicyRules [ContainerRestartRule]
  securityContext SecurityContext
  startupProbe Probe
  stdin bool
  stdinOnce bool
  targetContainerName string
  terminationMessagePath string
  terminationMessagePolicy "FallbackToLogsOnError|File"
  tty bool
  volumeDevices [VolumeDevice] @devicePath merge=devicePath
  volumeMounts [VolumeMount] @mountPath merge=mountPath
  workingDir string
EphemeralVolumeSource
  volumeClaimTemplate PersistentVolumeClaimTemplate
Event kind
  action string
  count int
  eventTime MicroTime
  firstTimestamp Time
  involvedObject! ObjectReference
  lastTimestamp Time
  message string
  reason string
  related ObjectReference
  reportingComponent string
  reportingInstance string
  series EventSeries
  source EventSource
  type string
EventSeries
  count int
  lastObservedTime MicroTime
EventSource
  component string
  host string
ExecAction
  command [string]
FCVolumeSource
  fsType string
  lun int
  readOnly bool
  targetWWNs [string]
  wwids [string]
FileKeySelector atomic
  key! string
  optional bool
  path! string
  volumeName! string
FlexPersistentVolumeSource
  driver! string
  fsType string
  options {string}
  readOnly bool
  secretRef SecretReference
FlexVolumeSource
  driver! string
  fsType string
  options {string}
  readOnly bool
  secretRef LocalObjectReference
FlockerVolumeSource
  datasetName string
  datasetUUID string
GCEPersistentDiskVolumeSource
  fsType string
  partition int
  pdName! string
  readOnly bool
GRPCAction
  port! int
  service string
GitRepoVolumeSource
  directory string
  repository! string
  revision string
GlusterfsPersistentVolumeSource
  endpoints! string
  endpointsNamespace string
  path! string
  readOnly bool
GlusterfsVolumeSource
  endpoints! string
  path! string
  readOnly bool
HTTPGetAction
  host string
  httpHeaders [HTTPHeader]
  path string
  port! IntOrString
  scheme "HTTP|HTTPS"
HTTPHeader
  name! string
  value! string
HostAlias
  hostnames [string]
  ip! string
HostIP
  ip! string
HostPathVolumeSource
  path! string
  type "|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket"
ISCSIPersistentVolumeSource
  chapAuthDiscovery bool
  chapAuthSession bool
  fsType string
  initiatorName string
  iqn! string
  iscsiInterface string =default
  lun! int
  portals [string]
  readOnly bool
  secretRef SecretReference
  targetPortal! string
ISCSIVolumeSource
  chapAuthDiscovery bool
  chapAuthSession bool
  fsType string
  initiatorName string
  iqn! string
  iscsiInterface string =default
  lun! int
  portals [string]
  readOnly bool
  secretRef LocalObjectReference
  targetPortal! string
ImageVolumeSource
  pullPolicy "Always|IfNotPresent|Never"
  reference string
ImageVolumeStatus
  imageRef! string
KeyToPath
  key! string
  mode int
  path! string
Lifecycle
  postStart LifecycleHandler
  preStop LifecycleHandler
  stopSignal "SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ"
LifecycleHandler
  exec ExecAction
  httpGet HTTPGetAction
  sleep SleepAction
  tcpSocket TCPSocketAction
LimitRange kind
  spec LimitRangeSpec
LimitRangeItem
  default {Quantity}
  defaultRequest {Quantity}
  max {Quantity}
  maxLimitRequestRatio {Quantity}
  min {Quantity}
  type! string
LimitRangeSpec
  limits! [LimitRangeItem]
LinuxContainerUser
  gid! long
  supplementalGroups [long]
  uid! long
LoadBalancerIngress
  hostname string
  ip string
  ipMode string
  ports [PortStatus]
LoadBalancerStatus
  ingress [LoadBalancerIngress]
LocalObjectReference atomic
  name string
LocalVolumeSource
  fsType string
  path! string
ModifyVolumeStatus
  status! "InProgress|Infeasible|Pending"
  targetVolumeAttributesClassName string
NFSVolumeSource
  path! string
  readOnly bool
  server! string
Namespace kind
  spec NamespaceSpec
  status NamespaceStatus
NamespaceCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
NamespaceSpec
  finalizers [string]
NamespaceStatus
  conditions [NamespaceCondition] @type merge=type
  phase "Active|Terminating"
Node kind
  spec NodeSpec
  status NodeStatus
NodeAddress
  address! string
  type! string
NodeAffinity
  preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm]
  requiredDuringSchedulingIgnoredDuringExecution NodeSelector
NodeAllocatableResourceClaimStatus
  containers [string] set
  resourceClaimName! string
  resources! {Quantity}
NodeCondition
  lastHeartbeatTime Time
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
NodeConfigSource
  configMap ConfigMapNodeConfigSource
NodeConfigStatus
  active NodeConfigSource
  assigned NodeConfigSource
  error string
  lastKnownGood NodeConfigSource
NodeDaemonEndpoints
  kubeletEndpoint DaemonEndpoint
NodeFeatures
  supplementalGroupsPolicy bool
NodeRuntimeHandler
  features NodeRuntimeHandlerFeatures
  name string
NodeRuntimeHandlerFeatures
  recursiveReadOnlyMounts bool
  userNamespaces bool
NodeSelector atomic
  nodeSelectorTerms! [NodeSelectorTerm]
NodeSelectorRequirement
  key! string
  operator! "DoesNotExist|Exists|Gt|In|Lt|NotIn"
  values [string]
NodeSelectorTerm atomic
  matchExpressions [NodeSelectorRequirement]
  matchFields [NodeSelectorRequirement]
NodeSpec
  configSource NodeConfigSource
  externalID string
  podCIDR string
  podCIDRs [string] set merge
  providerID string
  taints [Taint]
  unschedulable bool
NodeStatus
  addresses [NodeAddress] @type merge=type
  allocatable {Quantity}
  capacity {Quantity}
  conditions [NodeCondition] @type merge=type
  config NodeConfigStatus
  daemonEndpoints NodeDaemonEndpoints
  declaredFeatures [string]
  features NodeFeatures
  images [ContainerImage]
  nodeInfo NodeSystemInfo
  phase "Pending|Running|Terminated"
  runtimeHandlers [NodeRuntimeHandler]
  volumesAttached [AttachedVolume]
  volumesInUse [string]
NodeSwapStatus
  capacity long
NodeSystemInfo
  architecture! string
  bootID! string
  containerRuntimeVersion! string
  kernelVersion! string
  kubeProxyVersion! string
  kubeletVersion! string
  machineID! string
  operatingSystem! string
  osImage! string
  swap NodeSwapStatus
  systemUUID! string
ObjectFieldSelector atomic
  apiVersion string
  fieldPath! string
ObjectReference atomic
  apiVersion string
  fieldPath string
  kind string
  name string
  namespace string
  resourceVersion string
  uid string
PersistentVolume kind
  spec PersistentVolumeSpec
  status PersistentVolumeStatus
PersistentVolumeClaim kind
  spec PersistentVolumeClaimSpec
  status PersistentVolumeClaimStatus
PersistentVolumeClaimCondition
  lastProbeTime Time
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
PersistentVolumeClaimSpec
  accessModes ["ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod"]
  dataSource TypedLocalObjectReference
  dataSourceRef TypedObjectReference
  resources VolumeResourceRequirements
  selector LabelSelector
  storageClassName string
  volumeAttributesClassName string
  volumeMode "Block|Filesystem"
  volumeName string
PersistentVolumeClaimStatus
  accessModes ["ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod"]
  allocatedResourceStatuses {"ControllerResizeInProgress|ControllerResizeInfeasible|NodeResizeInProgress|NodeResizeInfeasible|NodeResizePending"}
  allocatedResources {Quantity}
  capacity {Quantity}
  conditions [PersistentVolumeClaimCondition] @type merge=type
  currentVolumeAttributesClassName string
  modifyVolumeStatus ModifyVolumeStatus
  phase "Bound|Lost|Pending"
PersistentVolumeClaimTemplate
  metadata ObjectMeta
  spec! PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource
  claimName! string
  readOnly bool
PersistentVolumeSpec
  accessModes ["ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod"]
  awsElasticBlockStore AWSElasticBlockStoreVolumeSource
  azureDisk AzureDiskVolumeSource
  azureFile AzureFilePersistentVolumeSource
  capacity {Quantity}
  cephfs CephFSPersistentVolumeSource
  cinder CinderPersistentVolumeSource
  claimRef ObjectReference
  csi CSIPersistentVolumeSource
  fc FCVolumeSource
  flexVolume FlexPersistentVolumeSource
  flocker FlockerVolumeSource
  gcePersistentDisk GCEPersistentDiskVolumeSource
  glusterfs GlusterfsPersistentVolumeSource
  hostPath HostPathVolumeSource
  iscsi ISCSIPersistentVolumeSource
  local LocalVolumeSource
  mountOptions [string]
  nfs NFSVolumeSource
  nodeAffinity VolumeNodeAffinity
  persistentVolumeReclaimPolicy "Delete|Recycle|Retain"
  photonPersistentDisk PhotonPersistentDiskVolumeSource
  portworxVolume PortworxVolumeSource
  quobyte QuobyteVolumeSource
  rbd RBDPersistentVolumeSource
  scaleIO ScaleIOPersistentVolumeSource
  storageClassName string
  storageos StorageOSPersistentVolumeSource
  volumeAttributesClassName string
  volumeMode "Block|Filesystem"
  vsphereVolume VsphereVirtualDiskVolumeSource
PersistentVolumeStatus
  lastPhaseTransitionTime Time
  message string
  phase "Available|Bound|Failed|Pending|Released"
  reason string
PhotonPersistentDiskVolumeSource
  fsType string
  pdID! string
Pod kind
  spec PodSpec
  status PodStatus
PodAffinity
  preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]
PodAffinityTerm
  labelSelector LabelSelector
  matchLabelKeys [string]
  mismatchLabelKeys [string]
  namespaceSelector LabelSelector
  namespaces [string]
  topologyKey! string
PodAntiAffinity
  preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm]
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm]
PodCertificateProjection
  certificateChainPath string
  credentialBundlePath string
  keyPath string
  keyType! string
  maxExpirationSeconds int
  signerName! string
  userAnnotations {string}
PodCondition
  lastProbeTime Time
  lastTransitionTime Time
  message string
  observedGeneration long
  reason string
  status! string
  type! string
PodDNSConfig
  nameservers [string]
  options [PodDNSConfigOption]
  searches [string]
PodDNSConfigOption
  name string
  value string
PodExtendedResourceClaimStatus
  requestMappings! [ContainerExtendedResourceRequest]
  resourceClaimName! string
PodIP
  ip! string
PodOS
  name! string
PodReadinessGate
  conditionType! string
PodResourceClaim
  name! string
  resourceClaimName string
  resourceClaimTemplateName string
PodResourceClaimStatus
  name! string
  resourceClaimName string
PodSchedulingGate
  name! string
PodSchedulingGroup
  podGroupName string
PodSecurityContext
  appArmorProfile AppArmorProfile
  fsGroup long
  fsGroupChangePolicy "Always|OnRootMismatch"
  runAsGroup long
  runAsNonRoot bool
  runAsUser long
  seLinuxChangePolicy string
  seLinuxOptions SELinuxOptions
  seccompProfile SeccompProfile
  supplementalGroups [long]
  supplementalGroupsPolicy "Merge|Strict"
  sysctls [Sysctl]
  windowsOptions WindowsSecurityContextOptions
PodSpec
  activeDeadlineSeconds long
  affinity Affinity
  automountServiceAccountToken bool
  containers! [Container] @name merge=name
  dnsConfig PodDNSConfig
  dnsPolicy "ClusterFirst|ClusterFirstWithHostNet|Default|None"
  enableServiceLinks bool
  ephemeralContainers [EphemeralContainer] @name merge=name
  hostAliases [HostAlias] @ip merge=ip
  hostIPC bool
  hostNetwork bool
  hostPID bool
  hostUsers bool
  hostname string
  hostnameOverride string
  imagePullSecrets [LocalObjectReference] @name merge=name
  initContainers [Container] @name merge=name
  nodeName string
  nodeSelector {string} atomic
  os PodOS
  overhead {Quantity}
  preemptionPolicy "Never|PreemptLowerPriority"
  priority int
  priorityClassName string
  readinessGates [PodReadinessGate]
  resourceClaims [PodResourceClaim] @name merge+retain=name
  resources ResourceRequirements
  restartPolicy "Always|Never|OnFailure"
  runtimeClassName string
  schedulerName string
  schedulingGates [PodSchedulingGate] @name merge=name
  schedulingGroup PodSchedulingGroup
  securityContext PodSecurityContext
  serviceAccount string
  serviceAccountName string
  setHostnameAsFQDN bool
  shareProcessNamespace bool
  subdomain string
  terminationGracePeriodSeconds long
  tolerations [Toleration]
  topologySpreadConstraints [TopologySpreadConstraint] @topologyKey,whenUnsatisfiable merge=topologyKey
  volumes [Volume] @name merge+retain=name
PodStatus
  allocatedResources {Quantity}
  conditions [PodCondition] @type merge=type
  containerStatuses [ContainerStatus]
  ephemeralContainerStatuses [ContainerStatus]
  extendedResourceClaimStatus PodExtendedResourceClaimStatus
  hostIP string
  hostIPs [HostIP] merge=ip
  initContainerStatuses [ContainerStatus]
  message string
  nodeAllocatableResourceClaimStatuses [NodeAllocatableResourceClaimStatus]
  nominatedNodeName string
  observedGeneration long
  phase "Failed|Pending|Running|Succeeded|Unknown"
  podIP string
  podIPs [PodIP] @ip merge=ip
  qosClass "BestEffort|Burstable|Guaranteed"
  reason string
  resize string
  resourceClaimStatuses [PodResourceClaimStatus] @name merge+retain=name
  resources ResourceRequirements
  startTime Time
PodTemplate kind
  template PodTemplateSpec
PodTemplateSpec
  metadata ObjectMeta
  spec PodSpec
PortStatus
  error string
  port! int
  protocol! "SCTP|TCP|UDP"
PortworxVolumeSource
  fsType string
  readOnly bool
  volumeID! string
PreferredSchedulingTerm
  preference! NodeSelectorTerm
  weight! int
Probe
  exec ExecAction
  failureThreshold int
  grpc GRPCAction
  httpGet HTTPGetAction
  initialDelaySeconds int
  periodSeconds int
  successThreshold int
  tcpSocket TCPSocketAction
  terminationGracePeriodSeconds long
  timeoutSeconds int
ProjectedVolumeSource
  defaultMode int
  sources [VolumeProjection]
QuobyteVolumeSource
  group string
  readOnly bool
  registry! string
  tenant string
  user string
  volume! string
RBDPersistentVolumeSource
  fsType string
  image! string
  keyring string =/etc/ceph/keyring
  monitors! [string]
  pool string =rbd
  readOnly bool
  secretRef SecretReference
  user string =admin
RBDVolumeSource
  fsType string
  image! string
  keyring string =/etc/ceph/keyring
  monitors! [string]
  pool string =rbd
  readOnly bool
  secretRef LocalObjectReference
  user string =admin
ReplicationController kind
  spec ReplicationControllerSpec
  status ReplicationControllerStatus
ReplicationControllerCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
ReplicationControllerSpec
  minReadySeconds int
  replicas int =1
  selector {string} atomic
  template PodTemplateSpec
ReplicationControllerStatus
  availableReplicas int
  conditions [ReplicationControllerCondition] @type merge=type
  fullyLabeledReplicas int
  observedGeneration long
  readyReplicas int
  replicas! int
ResourceClaim
  name! string
  request string
ResourceFieldSelector atomic
  containerName string
  divisor Quantity
  resource! string
ResourceHealth
  health string
  message string
  resourceID! string
ResourceQuota kind
  spec ResourceQuotaSpec
  status ResourceQuotaStatus
ResourceQuotaSpec
  hard {Quantity}
  scopeSelector ScopeSelector
  scopes ["BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass"]
ResourceQuotaStatus
  hard {Quantity}
  used {Quantity}
ResourceRequirements
  claims [ResourceClaim] @name
  limits {Quantity}
  requests {Quantity}
ResourceStatus
  name! string
  resources [ResourceHealth] @resourceID
SELinuxOptions
  level string
  role string
  type string
  user string
ScaleIOPersistentVolumeSource
  fsType string =xfs
  gateway! string
  protectionDomain string
  readOnly bool
  secretRef! SecretReference
  sslEnabled bool
  storageMode string =ThinProvisioned
  storagePool string
  system! string
  volumeName string
ScaleIOVolumeSource
  fsType string =xfs
  gateway! string
  protectionDomain string
  readOnly bool
  secretRef! LocalObjectReference
  sslEnabled bool
  storageMode string =ThinProvisioned
  storagePool string
  system! string
  volumeName string
ScopeSelector atomic
  matchExpressions [ScopedResourceSelectorRequirement]
ScopedResourceSelectorRequirement
  operator! "DoesNotExist|Exists|In|NotIn"
  scopeName! "BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass"
  values [string]
SeccompProfile
  localhostProfile string
  type! "Localhost|RuntimeDefault|Unconfined"
Secret kind
  data {bytes}
  immutable bool
  stringData {string}
  type string
SecretEnvSource
  name string
  optional bool
SecretKeySelector atomic
  key! string
  name string
  optional bool
SecretProjection
  items [KeyToPath]
  name string
  optional bool
SecretReference atomic
  name string
  namespace string
SecretVolumeSource
  defaultMode int
  items [KeyToPath]
  optional bool
  secretName string
SecurityContext
  allowPrivilegeEscalation bool
  appArmorProfile AppArmorProfile
  capabilities Capabilities
  privileged bool
  procMount "Default|Unmasked"
  readOnlyRootFilesystem bool
  runAsGroup long
  runAsNonRoot bool
  runAsUser long
  seLinuxOptions SELinuxOptions
  seccompProfile SeccompProfile
  windowsOptions WindowsSecurityContextOptions
Service kind
  spec ServiceSpec
  status ServiceStatus
ServiceAccount kind
  automountServiceAccountToken bool
  imagePullSecrets [LocalObjectReference]
  secrets [ObjectReference] @name merge=name
ServiceAccountTokenProjection
  audience string
  expirationSeconds long
  path! string
ServicePort
  appProtocol string
  name string
  nodePort int
  port! int
  protocol "SCTP|TCP|UDP" =TCP
  targetPort IntOrString
ServiceSpec
  allocateLoadBalancerNodePorts bool
  clusterIP string
  clusterIPs [string]
  externalIPs [string]
  externalName string
  externalTrafficPolicy "Cluster|Local"
  healthCheckNodePort int
  internalTrafficPolicy "Cluster|Local"
  ipFamilies ["|IPv4|IPv6"]
  ipFamilyPolicy "PreferDualStack|RequireDualStack|SingleStack"
  loadBalancerClass string
  loadBalancerIP string
  loadBalancerSourceRanges [string]
  ports [ServicePort] @port,protocol merge=port
  publishNotReadyAddresses bool
  selector {string} atomic
  sessionAffinity "ClientIP|None"
  sessionAffinityConfig SessionAffinityConfig
  trafficDistribution string
  type "ClusterIP|ExternalName|LoadBalancer|NodePort"
ServiceStatus
  conditions [Condition] @type merge=type
  loadBalancer LoadBalancerStatus
SessionAffinityConfig
  clientIP ClientIPConfig
SleepAction
  seconds! long
StorageOSPersistentVolumeSource
  fsType string
  readOnly bool
  secretRef ObjectReference
  volumeName string
  volumeNamespace string
StorageOSVolumeSource
  fsType string
  readOnly bool
  secretRef LocalObjectReference
  volumeName string
  volumeNamespace string
Sysctl
  name! string
  value! string
TCPSocketAction
  host string
  port! IntOrString
Taint
  effect! "NoExecute|NoSchedule|PreferNoSchedule"
  key! string
  timeAdded Time
  value string
Toleration
  effect "NoExecute|NoSchedule|PreferNoSchedule"
  key string
  operator "Equal|Exists|Gt|Lt"
  tolerationSeconds long
  value string
TopologySelectorLabelRequirement
  key! string
  values! [string]
TopologySelectorTerm atomic
  matchLabelExpressions [TopologySelectorLabelRequirement]
TopologySpreadConstraint
  labelSelector LabelSelector
  matchLabelKeys [string]
  maxSkew! int
  minDomains int
  nodeAffinityPolicy "Honor|Ignore"
  nodeTaintsPolicy "Honor|Ignore"
  topologyKey! string
  whenUnsatisfiable! "DoNotSchedule|ScheduleAnyway"
TypedLocalObjectReference atomic
  apiGroup string
  kind! string
  name! string
TypedObjectReference
  apiGroup string
  kind! string
  name! string
  namespace string
Volume
  awsElasticBlockStore AWSElasticBlockStoreVolumeSource
  azureDisk AzureDiskVolumeSource
  azureFile AzureFileVolumeSource
  cephfs CephFSVolumeSource
  cinder CinderVolumeSource
  configMap ConfigMapVolumeSource
  csi CSIVolumeSource
  downwardAPI DownwardAPIVolumeSource
  emptyDir EmptyDirVolumeSource
  ephemeral EphemeralVolumeSource
  fc FCVolumeSource
  flexVolume FlexVolumeSource
  flocker FlockerVolumeSource
  gcePersistentDisk GCEPersistentDiskVolumeSource
  gitRepo GitRepoVolumeSource
  glusterfs GlusterfsVolumeSource
  hostPath HostPathVolumeSource
  image ImageVolumeSource
  iscsi ISCSIVolumeSource
  name! string
  nfs NFSVolumeSource
  persistentVolumeClaim PersistentVolumeClaimVolumeSource
  photonPersistentDisk PhotonPersistentDiskVolumeSource
  portworxVolume PortworxVolumeSource
  projected ProjectedVolumeSource
  quobyte QuobyteVolumeSource
  rbd RBDVolumeSource
  scaleIO ScaleIOVolumeSource
  secret SecretVolumeSource
  storageos StorageOSVolumeSource
  vsphereVolume VsphereVirtualDiskVolumeSource
VolumeDevice
  devicePath! string
  name! string
VolumeMount
  mountPath! string
  mountPropagation "Bidirectional|HostToContainer|None"
  name! string
  readOnly bool
  recursiveReadOnly string
  subPath string
  subPathExpr string
VolumeMountStatus
  mountPath! string
  name! string
  readOnly bool
  recursiveReadOnly string
  volumeStatus VolumeStatus
VolumeNodeAffinity
  required NodeSelector
VolumeProjection
  clusterTrustBundle ClusterTrustBundleProjection
  configMap ConfigMapProjection
  downwardAPI DownwardAPIProjection
  podCertificate PodCertificateProjection
  secret SecretProjection
  serviceAccountToken ServiceAccountTokenProjection
VolumeResourceRequirements
  limits {Quantity}
  requests {Quantity}
VolumeStatus
  image ImageVolumeStatus
VsphereVirtualDiskVolumeSource
  fsType string
  storagePolicyID string
  storagePolicyName string
  volumePath! string
WeightedPodAffinityTerm
  podAffinityTerm! PodAffinityTerm
  weight! int
WindowsSecurityContextOptions
  gmsaCredentialSpec string
  gmsaCredentialSpecName string
  hostProcess bool
  runAsUserName string
`,
};
