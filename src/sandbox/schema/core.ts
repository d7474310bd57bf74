// The fields of the built-in types of core/v1: pods, services, nodes, configuration, volumes. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const coreSchemas: Readonly<Record<string, string>> = {
  'io.k8s.api.core.v1': `
AWSElasticBlockStoreVolumeSource - A disk of AWS.
  fsType string - File system to mount, such as ext4 or xfs.
  partition int - Number of the partition; 0 for the whole volume.
  readOnly bool - Whether it is mounted read-only.
  volumeID! string - Identifies the volume at the provider.
Affinity - Wishes and demands about where a pod runs.
  nodeAffinity NodeAffinity - On which nodes.
  podAffinity PodAffinity - Near which pods.
  podAntiAffinity PodAntiAffinity - Away from which pods.
AppArmorProfile - AppArmor profile for a container.
  localhostProfile string - Profile on the node, where the type is Localhost.
  type! "Localhost|RuntimeDefault|Unconfined" - Localhost, RuntimeDefault or Unconfined.
AttachedVolume - A volume attached to a node.
  devicePath! string - Path of the device on the node.
  name! string - Name of the volume.
AzureDiskVolumeSource - A disk of Azure.
  cachingMode "None|ReadOnly|ReadWrite" =ReadWrite - How the host caches: None, ReadOnly, ReadWrite.
  diskName! string - Name of the disk.
  diskURI! string - Address of the disk.
  fsType string =ext4 - File system to mount, such as ext4 or xfs.
  kind "Dedicated|Managed|Shared" =Shared - Shared, Dedicated or Managed.
  readOnly bool - Whether it is mounted read-only.
AzureFilePersistentVolumeSource - A file share of Azure.
  readOnly bool - Whether it is mounted read-only.
  secretName! string - Secret with the credentials.
  secretNamespace string - Namespace of the secret.
  shareName! string - Name of the share.
AzureFileVolumeSource - A file share of Azure.
  readOnly bool - Whether it is mounted read-only.
  secretName! string - Secret with the credentials.
  shareName! string - Name of the share.
Binding kind - Puts an object onto another, such as a pod onto a node.
  target! ObjectReference - What it is bound to.
CSIPersistentVolumeSource - A volume of a CSI driver.
  controllerExpandSecretRef SecretReference - Secret for expanding the volume.
  controllerPublishSecretRef SecretReference - Secret for attaching the volume.
  driver! string - Name of the driver.
  fsType string - File system to mount, such as ext4 or xfs.
  nodeExpandSecretRef SecretReference - Secret for expanding the volume on the node.
  nodePublishSecretRef SecretReference - Secret for mounting the volume.
  nodeStageSecretRef SecretReference - Secret for preparing the volume on the node.
  readOnly bool - Whether it is mounted read-only.
  volumeAttributes {string} - What the driver wants to know of the volume.
  volumeHandle! string - Identifies the volume at the driver.
CSIVolumeSource - A volume that a CSI driver makes for one pod.
  driver! string - Name of the driver.
  fsType string - File system to mount, such as ext4 or xfs.
  nodePublishSecretRef LocalObjectReference - Secret for mounting the volume.
  readOnly bool - Whether it is mounted read-only.
  volumeAttributes {string} - What the driver wants to know of the volume.
Capabilities - Linux capabilities of a container.
  add [string] - Capabilities to give.
  drop [string] - Capabilities to take away; ALL for every one.
CephFSPersistentVolumeSource - A Ceph file system.
  monitors! [string] - Addresses of the monitors.
  path string - Path that is meant.
  readOnly bool - Whether it is mounted read-only.
  secretFile string - File with the key.
  secretRef SecretReference - Secret with the credentials.
  user string - User that is meant.
CephFSVolumeSource - A Ceph file system.
  monitors! [string] - Addresses of the monitors.
  path string - Path that is meant.
  readOnly bool - Whether it is mounted read-only.
  secretFile string - File with the key.
  secretRef LocalObjectReference - Secret with the credentials.
  user string - User that is meant.
CinderPersistentVolumeSource - A volume of OpenStack.
  fsType string - File system to mount, such as ext4 or xfs.
  readOnly bool - Whether it is mounted read-only.
  secretRef SecretReference - Secret with the credentials.
  volumeID! string - Identifies the volume at the provider.
CinderVolumeSource - A volume of OpenStack.
  fsType string - File system to mount, such as ext4 or xfs.
  readOnly bool - Whether it is mounted read-only.
  secretRef LocalObjectReference - Secret with the credentials.
  volumeID! string - Identifies the volume at the provider.
ClientIPConfig - Settings of session affinity by client address.
  timeoutSeconds int - How long a client stays with the same pod.
ClusterTrustBundleProjection - Certificates of a ClusterTrustBundle as a file.
  labelSelector LabelSelector - Objects that are meant, by their labels.
  name string - Name of it.
  optional bool - Whether it may be missing.
  path! string - Path that is meant.
  signerName string - Signer whose bundles are taken.
ComponentCondition - Health of a component.
  error string - Why its health is unknown.
  message string - Explanation for people.
  status! string - True, False or Unknown.
  type! string - Which kind of it this is.
ComponentStatus kind - Health of a part of the control plane; no longer kept up.
  conditions [ComponentCondition] @type merge=type - What was found.
ConfigMap kind - Configuration for pods, as text by key.
  binaryData {bytes} - Entries that are no text, in base64.
  data {string} - Entries: a text for each key.
  immutable bool - Whether the entries may never change again.
ConfigMapEnvSource - A ConfigMap whose entries become variables.
  name string - Name of the ConfigMap.
  optional bool - Whether it may be missing.
ConfigMapKeySelector atomic - An entry of a ConfigMap.
  key! string - Key that is meant.
  name string - Name of the ConfigMap.
  optional bool - Whether it may be missing.
ConfigMapNodeConfigSource - Kubelet configuration in a ConfigMap; not used any more.
  kubeletConfigKey! string - Key of the entry.
  name! string - Name of it.
  namespace! string - Namespace of it.
  resourceVersion string - State of the object that is meant.
  uid string - UID of the object.
ConfigMapProjection - Entries of a ConfigMap as files.
  items [KeyToPath] - Which entries become files, and where; all of them where the list is empty.
  name string - Name of the ConfigMap.
  optional bool - Whether it may be missing.
ConfigMapVolumeSource - A ConfigMap as a directory of files.
  defaultMode int - Permission bits of the files, 0644 where nothing is said.
  items [KeyToPath] - Which entries become files, and where; all of them where the list is empty.
  name string - Name of the ConfigMap.
  optional bool - Whether it may be missing.
Container - One of the programs that a pod runs.
  args [string] - Arguments of the command; those of the image where nothing is said.
  command [string] - Program to run, instead of the image's entry point; no shell is involved.
  env [EnvVar] @name merge=name - Environment variables.
  envFrom [EnvFromSource] - ConfigMaps and Secrets whose entries all become variables.
  image string - Image to run.
  imagePullPolicy "Always|IfNotPresent|Never" - When the image is fetched.
  lifecycle Lifecycle - What to do after the start and before the end.
  livenessProbe Probe - Check whether it still works; it is restarted when not.
  name! string - Name of the container, unique within the pod.
  ports [ContainerPort] @containerPort,protocol merge=containerPort - Ports it listens on; for information mostly.
  readinessProbe Probe - Check whether it can take requests; services leave it out when not.
  resizePolicy [ContainerResizePolicy] - What resizing its resources takes.
  resources ResourceRequirements - Computing resources it needs and may use.
  restartPolicy string - Restart policy of its own; Always makes an init container keep running beside the others.
  restartPolicyRules [ContainerRestartRule] - Restart policies by exit code.
  securityContext SecurityContext - Rights it runs with; they win over those of the pod.
  startupProbe Probe - Check whether it has started; the other checks wait for it.
  stdin bool - Whether its standard input is kept open.
  stdinOnce bool - Whether standard input closes after the first client.
  terminationMessagePath string - File whose content explains how it ended.
  terminationMessagePolicy "FallbackToLogsOnError|File" - Whether the end of the log may stand in for that file.
  tty bool - Whether it gets a terminal.
  volumeDevices [VolumeDevice] @devicePath merge=devicePath - Block devices it uses.
  volumeMounts [VolumeMount] @mountPath merge=mountPath - Where volumes appear in its file system.
  workingDir string - Directory it starts in.
ContainerExtendedResourceRequest - Which device request stands for a resource of a container.
  containerName! string - Name of the container.
  requestName! string - Name of the request.
  resourceName! string - Name of the resource.
ContainerImage - An image on a node.
  names [string] - Names it is known by.
  sizeBytes long - Its size in bytes.
ContainerPort - A port that a container listens on.
  containerPort! int - Number of the port.
  hostIP string - Address of the node to bind to.
  hostPort int - Port of the node to bind to.
  name string - Name of the port, for services to refer to.
  protocol "SCTP|TCP|UDP" =TCP - TCP, UDP or SCTP.
ContainerResizePolicy - What resizing a resource takes.
  resourceName! string - cpu or memory.
  restartPolicy! string - Whether the container is restarted for it.
ContainerRestartRule - What to do when a container ends in a certain way.
  action! string - What to do: Restart.
  exitCodes ContainerRestartRuleOnExitCodes - Which exit codes it is for.
ContainerRestartRuleOnExitCodes - Exit codes.
  operator! string - In or NotIn.
  values [int] set - Values to compare with.
ContainerState - What a container is doing: one of the three.
  running ContainerStateRunning - Set while it runs.
  terminated ContainerStateTerminated - Set when it has ended.
  waiting ContainerStateWaiting - Set while it cannot run yet.
ContainerStateRunning - A container that runs.
  startedAt Time - When it started.
ContainerStateTerminated - A container that has ended.
  containerID string - Identifies the container at the runtime.
  exitCode! int - Its exit code.
  finishedAt Time - When it ended.
  message string - Explanation for people.
  reason string - Short machine word for why.
  signal int - The signal it ended by.
  startedAt Time - When it started.
ContainerStateWaiting - A container that waits.
  message string - Explanation for people.
  reason string - Short machine word for why.
ContainerStatus - How a container is doing.
  allocatedResources {Quantity} - Resources the node has set aside for it.
  allocatedResourcesStatus [ResourceStatus] @name merge=name - Health of the devices it was given.
  containerID string - Identifies the container at the runtime.
  image! string - Image it runs.
  imageID! string - Identifies the image exactly.
  lastState ContainerState - How its run before this one ended.
  name! string - Name of the container.
  ready! bool - Whether it passes its readiness check.
  resources ResourceRequirements - Resources that are in force.
  restartCount! int - How often it was restarted.
  started bool - Whether it passed its startup check.
  state ContainerState - What it is doing.
  stopSignal "SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ" - Signal that ends it.
  user ContainerUser - User it runs as.
  volumeMounts [VolumeMountStatus] @mountPath merge=mountPath - Its mounts as they are.
ContainerUser - User a container runs as.
  linux LinuxContainerUser - The user on Linux.
DaemonEndpoint - A port of a daemon.
  Port! int - Number of the port.
DownwardAPIProjection - Facts about the pod as files.
  items [DownwardAPIVolumeFile] - The files.
DownwardAPIVolumeFile - A file with a fact about the pod.
  fieldRef ObjectFieldSelector - A field of the pod: its name, labels, annotations and so on.
  mode int - Permission bits of this file.
  path! string - Path of the file in the volume.
  resourceFieldRef ResourceFieldSelector - A request or limit of a container.
DownwardAPIVolumeSource - Facts about the pod as a directory of files.
  defaultMode int - Permission bits of the files, 0644 where nothing is said.
  items [DownwardAPIVolumeFile] - The files.
EmptyDirVolumeSource - An empty directory that lives as long as the pod.
  medium string - Memory for a RAM disk; else the node's disk.
  sizeLimit Quantity - How much it may hold.
EndpointAddress atomic - Address of a pod behind a service.
  hostname string - Host name of the pod.
  ip! string - Its address.
  nodeName string - Node it is on.
  targetRef ObjectReference - The pod.
EndpointPort atomic - A port of the pods behind a service.
  appProtocol string - Protocol of the application on the port, a hint for proxies.
  name string - Name of the port, that of the service's port.
  port! int - Number of the port.
  protocol "SCTP|TCP|UDP" - TCP, UDP or SCTP.
EndpointSubset - Pods with the same ports.
  addresses [EndpointAddress] - Those that are ready.
  notReadyAddresses [EndpointAddress] - Those that are not ready.
  ports [EndpointPort] - Their ports.
Endpoints kind - Addresses of the pods behind a service; EndpointSlices have taken its place.
  subsets [EndpointSubset] - Pods, grouped by their ports.
EnvFromSource - A ConfigMap or Secret whose entries become variables.
  configMapRef ConfigMapEnvSource - The ConfigMap.
  prefix string - Put before each variable's name.
  secretRef SecretEnvSource - The Secret.
EnvVar - An environment variable.
  name! string - Name of the variable.
  value string - Its value; $(NAME) stands for variables before it.
  valueFrom EnvVarSource - Where its value comes from instead.
EnvVarSource - Where the value of a variable comes from: one of these.
  configMapKeyRef ConfigMapKeySelector - An entry of a ConfigMap.
  fieldRef ObjectFieldSelector - A field of the pod.
  fileKeyRef FileKeySelector - An entry of a file in a volume.
  resourceFieldRef ResourceFieldSelector - A request or limit of a container.
  secretKeyRef SecretKeySelector - An entry of a Secret.
EphemeralContainer - A container added to a running pod to find out what is wrong with it.
  args [string] - Arguments of the command.
  command [string] - Program to run, instead of the image's entry point.
  env [EnvVar] @name merge=name - Environment variables.
  envFrom [EnvFromSource] - ConfigMaps and Secrets whose entries all become variables.
  image string - Image to run.
  imagePullPolicy "Always|IfNotPresent|Never" - When the image is fetched.
  lifecycle Lifecycle - Not allowed here.
  livenessProbe Probe - Not allowed here.
  name! string - Name of the container, unique within the pod.
  ports [ContainerPort] @containerPort,protocol merge=containerPort - Not allowed here.
  readinessProbe Probe - Not allowed here.
  resizePolicy [ContainerResizePolicy] - What resizing its resources takes.
  resources ResourceRequirements - Not allowed here.
  restartPolicy string - Not allowed here.
  restartPolicyRules [ContainerRestartRule] - Not allowed here.
  securityContext SecurityContext - Rights it runs with.
  startupProbe Probe - Not allowed here.
  stdin bool - Whether its standard input is kept open.
  stdinOnce bool - Whether standard input closes after the first client.
  targetContainerName string - Container whose processes it shall see.
  terminationMessagePath string - File whose content explains how it ended.
  terminationMessagePolicy "FallbackToLogsOnError|File" - Whether the end of the log may stand in for that file.
  tty bool - Whether it gets a terminal.
  volumeDevices [VolumeDevice] @devicePath merge=devicePath - Block devices it uses.
  volumeMounts [VolumeMount] @mountPath merge=mountPath - Where volumes appear in its file system.
  workingDir string - Directory it starts in.
EphemeralVolumeSource - A volume made for the pod by way of a claim, and removed with it.
  volumeClaimTemplate PersistentVolumeClaimTemplate - The claim to make.
Event kind - Something that happened to an object.
  action string - What was done.
  count int - How often it happened.
  eventTime MicroTime - When it was first seen.
  firstTimestamp Time - When it was first seen, in the older form.
  involvedObject! ObjectReference - What it happened to.
  lastTimestamp Time - When it was last seen.
  message string - What happened, in words.
  reason string - Short machine word for why.
  related ObjectReference - A second object that had to do with it.
  reportingComponent string - Controller that reports it.
  reportingInstance string - Which instance of the controller.
  series EventSeries - How often it happened, where it goes on.
  source EventSource - Who reports it, in the older form.
  type string - Normal or Warning.
EventSeries - An event that goes on.
  count int - How often it happened.
  lastObservedTime MicroTime - When it was last seen.
EventSource - Who reports an event.
  component string - Component that reports it.
  host string - Node it comes from.
ExecAction - A command run in the container.
  command [string] - Program and arguments; no shell is involved.
FCVolumeSource - A Fibre Channel disk.
  fsType string - File system to mount, such as ext4 or xfs.
  lun int - Number of the logical unit.
  readOnly bool - Whether it is mounted read-only.
  targetWWNs [string] - Names of the target.
  wwids [string] - Identifiers of the volume.
FileKeySelector atomic - An entry of a file in a volume.
  key! string - Key of the entry.
  optional bool - Whether it may be missing.
  path! string - Path of the file in the volume.
  volumeName! string - Volume with the file.
FlexPersistentVolumeSource - A volume of a FlexVolume driver.
  driver! string - Name of the driver.
  fsType string - File system to mount, such as ext4 or xfs.
  options {string} - Further options.
  readOnly bool - Whether it is mounted read-only.
  secretRef SecretReference - Secret with the credentials.
FlexVolumeSource - A volume of a FlexVolume driver.
  driver! string - Name of the driver.
  fsType string - File system to mount, such as ext4 or xfs.
  options {string} - Further options.
  readOnly bool - Whether it is mounted read-only.
  secretRef LocalObjectReference - Secret with the credentials.
FlockerVolumeSource - A volume of Flocker.
  datasetName string - Name of the dataset.
  datasetUUID string - UUID of the dataset.
GCEPersistentDiskVolumeSource - A disk of Google Cloud.
  fsType string - File system to mount, such as ext4 or xfs.
  partition int - Number of the partition; 0 for the whole volume.
  pdName! string - Name of the disk.
  readOnly bool - Whether it is mounted read-only.
GRPCAction - A gRPC health check.
  port! int - Number of the port.
  service string - Service to ask about.
GitRepoVolumeSource - A Git repository; disabled nowadays.
  directory string - Directory to put it in.
  repository! string - Address of the repository.
  revision string - Commit to take.
GlusterfsPersistentVolumeSource - A Gluster file system.
  endpoints! string - Endpoints that are meant.
  endpointsNamespace string - Namespace of the endpoints.
  path! string - Path of the volume.
  readOnly bool - Whether it is mounted read-only.
GlusterfsVolumeSource - A Gluster file system.
  endpoints! string - Endpoints that are meant.
  path! string - Path that is meant.
  readOnly bool - Whether it is mounted read-only.
HTTPGetAction - A GET request to the container.
  host string - Host to connect to; the pod's address where nothing is said.
  httpHeaders [HTTPHeader] - Further headers.
  path string - Path to ask for.
  port! IntOrString - Number or name of the port.
  scheme "HTTP|HTTPS" - HTTP or HTTPS.
HTTPHeader - A header of a request.
  name! string - Name of the header.
  value! string - Value of it.
HostAlias - A line of /etc/hosts.
  hostnames [string] - Names of the host.
  ip! string - Its address.
HostIP - An address of the node.
  ip! string - The address.
HostPathVolumeSource - A file or directory of the node.
  path! string - Path on the node.
  type "|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket" - What must be there, or be made: Directory, DirectoryOrCreate, File, Socket and so on.
ISCSIPersistentVolumeSource - An iSCSI disk.
  chapAuthDiscovery bool - Whether discovery authenticates by CHAP.
  chapAuthSession bool - Whether the session authenticates by CHAP.
  fsType string - File system to mount, such as ext4 or xfs.
  initiatorName string - Name of the iSCSI initiator.
  iqn! string - Name of the iSCSI target.
  iscsiInterface string =default - Interface to use.
  lun! int - Number of the logical unit.
  portals [string] - Further addresses of the target.
  readOnly bool - Whether it is mounted read-only.
  secretRef SecretReference - Secret with the credentials.
  targetPortal! string - Address of the target.
ISCSIVolumeSource - An iSCSI disk.
  chapAuthDiscovery bool - Whether discovery authenticates by CHAP.
  chapAuthSession bool - Whether the session authenticates by CHAP.
  fsType string - File system to mount, such as ext4 or xfs.
  initiatorName string - Name of the iSCSI initiator.
  iqn! string - Name of the iSCSI target.
  iscsiInterface string =default - Interface to use.
  lun! int - Number of the logical unit.
  portals [string] - Further addresses of the target.
  readOnly bool - Whether it is mounted read-only.
  secretRef LocalObjectReference - Secret with the credentials.
  targetPortal! string - Address of the target.
ImageVolumeSource - The files of an image as a volume.
  pullPolicy "Always|IfNotPresent|Never" - When the image is fetched.
  reference string - Name of the image.
ImageVolumeStatus - An image volume as it is.
  imageRef! string - Identifies the image exactly.
KeyToPath - Which entry becomes which file.
  key! string - Key of the entry.
  mode int - Permission bits of this file.
  path! string - Path of the file in the volume.
Lifecycle - What a container does after its start and before its end.
  postStart LifecycleHandler - Done right after the start.
  preStop LifecycleHandler - Done before it is told to end.
  stopSignal "SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ" - Signal that ends it.
LifecycleHandler - What to do: one of these.
  exec ExecAction - Runs a command in the container.
  httpGet HTTPGetAction - Sends a GET request.
  sleep SleepAction - Waits.
  tcpSocket TCPSocketAction - Not supported here.
LimitRange kind - Limits and defaults for single pods, containers and claims in a namespace.
  spec LimitRangeSpec - What is wanted.
LimitRangeItem - Limits and defaults of one kind of object.
  default {Quantity} - Limits where nothing is said.
  defaultRequest {Quantity} - Requests where nothing is said.
  max {Quantity} - Upper bounds.
  maxLimitRequestRatio {Quantity} - How many times the request the limit may be.
  min {Quantity} - Lower bounds.
  type! string - Container, Pod or PersistentVolumeClaim.
LimitRangeSpec - What is limited.
  limits! [LimitRangeItem] - The limits and defaults.
LinuxContainerUser - User and groups on Linux.
  gid! long - Group.
  supplementalGroups [long] - Further groups.
  uid! long - User.
LoadBalancerIngress - Where a load balancer listens.
  hostname string - Its host name.
  ip string - Its address.
  ipMode string - VIP or Proxy: how traffic gets to the node.
  ports [PortStatus] - Ports of the service.
LoadBalancerStatus - Where a load balancer listens.
  ingress [LoadBalancerIngress] - Its addresses.
LocalObjectReference atomic - An object in the same namespace.
  name string - Name of it.
LocalVolumeSource - A disk or directory of one node.
  fsType string - File system to mount, such as ext4 or xfs.
  path! string - Path on the node.
ModifyVolumeStatus - How changing the attributes of a volume goes.
  status! "InProgress|Infeasible|Pending" - Pending, InProgress or Infeasible.
  targetVolumeAttributesClassName string - Class that is being applied.
NFSVolumeSource - A share of an NFS server.
  path! string - Path that the server exports.
  readOnly bool - Whether it is mounted read-only.
  server! string - Name or address of the server.
Namespace kind - A room for objects; names are unique within it.
  spec NamespaceSpec - What is wanted.
  status NamespaceStatus - What is found, written by the system.
NamespaceCondition - An observation about a namespace.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
NamespaceSpec - What a namespace is to be.
  finalizers [string] - Who must clean up before it can go.
NamespaceStatus - How a namespace is doing.
  conditions [NamespaceCondition] @type merge=type - Observations about its state, each with a type of its own.
  phase "Active|Terminating" - Active or Terminating.
Node kind - A machine of the cluster.
  spec NodeSpec - What is wanted.
  status NodeStatus - What is found, written by the system.
NodeAddress - An address of a node.
  address! string - The address.
  type! string - Hostname, InternalIP, ExternalIP and so on.
NodeAffinity - Wishes and demands about nodes.
  preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm] - Wishes, each with a weight.
  requiredDuringSchedulingIgnoredDuringExecution NodeSelector - Demands; one of the terms must be met.
NodeAllocatableResourceClaimStatus - Node resources that a claim of a pod uses.
  containers [string] set - Containers that use them.
  resourceClaimName! string - Name of the claim.
  resources! {Quantity} - Resources that are meant.
NodeCondition - An observation about a node.
  lastHeartbeatTime Time - When the condition was last confirmed.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
NodeConfigSource - Where the kubelet's configuration comes from; not used any more.
  configMap ConfigMapNodeConfigSource - The ConfigMap.
NodeConfigStatus - The kubelet's configuration; not used any more.
  active NodeConfigSource - In use.
  assigned NodeConfigSource - To be used.
  error string - What went wrong.
  lastKnownGood NodeConfigSource - To fall back to.
NodeDaemonEndpoints - Ports of the daemons of a node.
  kubeletEndpoint DaemonEndpoint - Port of the kubelet.
NodeFeatures - What a node's runtime can do.
  supplementalGroupsPolicy bool - Whether it obeys supplementalGroupsPolicy.
NodeRuntimeHandler - A runtime handler of a node.
  features NodeRuntimeHandlerFeatures - What it can do.
  name string - Name of it.
NodeRuntimeHandlerFeatures - What a runtime handler can do.
  recursiveReadOnlyMounts bool - Recursive read-only mounts.
  userNamespaces bool - User namespaces.
NodeSelector atomic - Nodes that are meant.
  nodeSelectorTerms! [NodeSelectorTerm] - Terms, of which one must be met.
NodeSelectorRequirement - A condition on a label or field of a node.
  key! string - Label or field.
  operator! "DoesNotExist|Exists|Gt|In|Lt|NotIn" - How key and values are compared.
  values [string] - Values to compare with.
NodeSelectorTerm atomic - Conditions on a node; all must be met.
  matchExpressions [NodeSelectorRequirement] - Conditions on its labels.
  matchFields [NodeSelectorRequirement] - Conditions on its fields.
NodeSpec - What a node is to be.
  configSource NodeConfigSource - Not used any more.
  externalID string - Not used any more.
  podCIDR string - Range of the pods' addresses.
  podCIDRs [string] set merge - Ranges of the pods' addresses, one for each family.
  providerID string - Identifies the machine at the cloud provider.
  taints [Taint] - What keeps pods off the node.
  unschedulable bool - Whether no new pods are put on it.
NodeStatus - How a node is doing.
  addresses [NodeAddress] @type merge=type - Its addresses.
  allocatable {Quantity} - Resources that pods can have.
  capacity {Quantity} - Resources it has.
  conditions [NodeCondition] @type merge=type - Observations about its state, each with a type of its own.
  config NodeConfigStatus - Not used any more.
  daemonEndpoints NodeDaemonEndpoints - Ports of its daemons.
  declaredFeatures [string] - Features it says that it has.
  features NodeFeatures - What its runtime can do.
  images [ContainerImage] - Images on the node.
  nodeInfo NodeSystemInfo - Machine, system and versions.
  phase "Pending|Running|Terminated" - Not used any more.
  runtimeHandlers [NodeRuntimeHandler] - Runtime handlers it has.
  volumesAttached [AttachedVolume] - Volumes attached to it.
  volumesInUse [string] - Volumes in use on it.
NodeSwapStatus - Swap space of a node.
  capacity long - Its size in bytes.
NodeSystemInfo - Machine, system and versions of a node.
  architecture! string - Processor architecture.
  bootID! string - Identifies this run of the system.
  containerRuntimeVersion! string - Container runtime and its version.
  kernelVersion! string - Kernel.
  kubeProxyVersion! string - Not used any more.
  kubeletVersion! string - Version of the kubelet.
  machineID! string - Identifies the machine.
  operatingSystem! string - linux or windows.
  osImage! string - Name of the system.
  swap NodeSwapStatus - Swap space.
  systemUUID! string - Identifies the hardware.
ObjectFieldSelector atomic - A field of the pod.
  apiVersion string - Group and version of the object.
  fieldPath! string - The field: metadata.name, status.podIP and so on.
ObjectReference atomic - A reference to any object.
  apiVersion string - Group and version of the object.
  fieldPath string - Part of the object that is meant.
  kind string - Kind of the object.
  name string - Name of it.
  namespace string - Namespace of it.
  resourceVersion string - State of the object that is meant.
  uid string - UID of the object.
PersistentVolume kind - A piece of storage of the cluster.
  spec PersistentVolumeSpec - What is wanted.
  status PersistentVolumeStatus - What is found, written by the system.
PersistentVolumeClaim kind - A wish for storage.
  spec PersistentVolumeClaimSpec - What is wanted.
  status PersistentVolumeClaimStatus - What is found, written by the system.
PersistentVolumeClaimCondition - An observation about a claim.
  lastProbeTime Time - When the condition was last checked.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
PersistentVolumeClaimSpec - Which storage is wanted.
  accessModes ["ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod"] - How it shall be mounted.
  dataSource TypedLocalObjectReference - What it is filled with, from the same namespace.
  dataSourceRef TypedObjectReference - What it is filled with.
  resources VolumeResourceRequirements - How much is wanted.
  selector LabelSelector - Which volumes may be taken, by their labels.
  storageClassName string - Class of the storage; empty for none.
  volumeAttributesClassName string - Class of the changeable attributes.
  volumeMode "Block|Filesystem" - Filesystem or Block.
  volumeName string - Volume it is bound to.
PersistentVolumeClaimStatus - What the claim got.
  accessModes ["ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod"] - How the volume may be mounted.
  allocatedResourceStatuses {"ControllerResizeInProgress|ControllerResizeInfeasible|NodeResizeInProgress|NodeResizeInfeasible|NodeResizePending"} - How resizing goes.
  allocatedResources {Quantity} - Size that was set aside.
  capacity {Quantity} - Size of the volume.
  conditions [PersistentVolumeClaimCondition] @type merge=type - Observations about its state, each with a type of its own.
  currentVolumeAttributesClassName string - Class of attributes in force.
  modifyVolumeStatus ModifyVolumeStatus - How changing attributes goes.
  phase "Bound|Lost|Pending" - Pending, Bound or Lost.
PersistentVolumeClaimTemplate - A claim to make.
  metadata ObjectMeta - Name, labels and other data about the object.
  spec! PersistentVolumeClaimSpec - What is wanted.
PersistentVolumeClaimVolumeSource - The volume of a claim.
  claimName! string - Name of the claim, in the pod's namespace.
  readOnly bool - Whether it is mounted read-only.
PersistentVolumeSpec - What the storage is.
  accessModes ["ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod"] - How it may be mounted.
  awsElasticBlockStore AWSElasticBlockStoreVolumeSource - A disk of AWS.
  azureDisk AzureDiskVolumeSource - A disk of Azure.
  azureFile AzureFilePersistentVolumeSource - A file share of Azure.
  capacity {Quantity} - Its size.
  cephfs CephFSPersistentVolumeSource - A Ceph file system.
  cinder CinderPersistentVolumeSource - A volume of OpenStack.
  claimRef ObjectReference - Claim it is bound to.
  csi CSIPersistentVolumeSource - A volume of a CSI driver.
  fc FCVolumeSource - A Fibre Channel disk.
  flexVolume FlexPersistentVolumeSource - A volume of a FlexVolume driver.
  flocker FlockerVolumeSource - A volume of Flocker.
  gcePersistentDisk GCEPersistentDiskVolumeSource - A disk of Google Cloud.
  glusterfs GlusterfsPersistentVolumeSource - A Gluster file system.
  hostPath HostPathVolumeSource - A directory of the node, for tests.
  iscsi ISCSIPersistentVolumeSource - An iSCSI disk.
  local LocalVolumeSource - A disk of one node.
  mountOptions [string] - Options for mounting.
  nfs NFSVolumeSource - A share of an NFS server.
  nodeAffinity VolumeNodeAffinity - Nodes it can be reached from.
  persistentVolumeReclaimPolicy "Delete|Recycle|Retain" - What becomes of it when its claim goes.
  photonPersistentDisk PhotonPersistentDiskVolumeSource - A Photon disk.
  portworxVolume PortworxVolumeSource - A volume of Portworx.
  quobyte QuobyteVolumeSource - A volume of Quobyte.
  rbd RBDPersistentVolumeSource - A block device of Ceph.
  scaleIO ScaleIOPersistentVolumeSource - A volume of ScaleIO.
  storageClassName string - Class it belongs to.
  storageos StorageOSPersistentVolumeSource - A volume of StorageOS.
  volumeAttributesClassName string - Class of its changeable attributes.
  volumeMode "Block|Filesystem" - Filesystem or Block.
  vsphereVolume VsphereVirtualDiskVolumeSource - A disk of vSphere.
PersistentVolumeStatus - How the storage is doing.
  lastPhaseTransitionTime Time - When the phase last changed.
  message string - Explanation for people.
  phase "Available|Bound|Failed|Pending|Released" - Pending, Available, Bound, Released or Failed.
  reason string - Short machine word for why.
PhotonPersistentDiskVolumeSource - A Photon disk.
  fsType string - File system to mount, such as ext4 or xfs.
  pdID! string - Identifies the disk.
Pod kind - Containers that run together on one node.
  spec PodSpec - What is wanted.
  status PodStatus - What is found, written by the system.
PodAffinity - Wishes and demands to be near other pods.
  preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] - Wishes, each with a weight.
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] - Demands; all must be met.
PodAffinityTerm - Pods, and what counts as near.
  labelSelector LabelSelector - The pods, by their labels.
  matchLabelKeys [string] - Labels that must be the pod's own.
  mismatchLabelKeys [string] - Labels that must not be the pod's own.
  namespaceSelector LabelSelector - Namespaces that are meant, by their labels.
  namespaces [string] - Namespaces of the pods.
  topologyKey! string - Node label whose value must be the same.
PodAntiAffinity - Wishes and demands to be away from other pods.
  preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] - Wishes, each with a weight.
  requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] - Demands; all must be met.
PodCertificateProjection - A key and certificate for the pod as files.
  certificateChainPath string - File with the certificates.
  credentialBundlePath string - File with key and certificates.
  keyPath string - File with the key.
  keyType! string - Kind of key.
  maxExpirationSeconds int - How long the certificate may be valid.
  signerName! string - Who signs it.
  userAnnotations {string} - Notes for the signer.
PodCondition - An observation about a pod.
  lastProbeTime Time - When the condition was last checked.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  observedGeneration long - The metadata.generation that the status is about.
  reason string - Short machine word for why.
  status! string - True, False or Unknown.
  type! string - What it is about: Ready, PodScheduled and so on.
PodDNSConfig - DNS settings of a pod.
  nameservers [string] - Addresses of name servers.
  options [PodDNSConfigOption] - Options of the resolver.
  searches [string] - Domains to search.
PodDNSConfigOption - An option of the resolver.
  name string - Name of it.
  value string - Value of it.
PodExtendedResourceClaimStatus - Claim made for extended resources.
  requestMappings! [ContainerExtendedResourceRequest] - Which request stands for which resource.
  resourceClaimName! string - Name of the claim.
PodIP - An address of a pod.
  ip! string - The address.
PodOS - Operating system of a pod.
  name! string - linux or windows.
PodReadinessGate - A condition that must be true before the pod is ready.
  conditionType! string - Type of the condition.
PodResourceClaim - A claim for devices that containers can refer to.
  name! string - Name within the pod.
  resourceClaimName string - A claim that exists.
  resourceClaimTemplateName string - Template to make a claim from.
PodResourceClaimStatus - A claim made from a template.
  name! string - Name of it.
  resourceClaimName string - Name of the claim.
PodSchedulingGate - Something that keeps a pod from being scheduled.
  name! string - Name of it.
PodSchedulingGroup - Pods that are scheduled together.
  podGroupName string - Name of the group.
PodSecurityContext - Rights that all containers of a pod run with.
  appArmorProfile AppArmorProfile - AppArmor profile.
  fsGroup long - Group that owns the volumes.
  fsGroupChangePolicy "Always|OnRootMismatch" - When the owner of files is changed.
  runAsGroup long - Group of the processes.
  runAsNonRoot bool - Whether root is refused.
  runAsUser long - User of the processes.
  seLinuxChangePolicy string - How volumes get their SELinux label.
  seLinuxOptions SELinuxOptions - SELinux label.
  seccompProfile SeccompProfile - Seccomp profile.
  supplementalGroups [long] - Further groups of the processes.
  supplementalGroupsPolicy "Merge|Strict" - Whether groups of the image count too.
  sysctls [Sysctl] - Kernel settings.
  windowsOptions WindowsSecurityContextOptions - Settings for Windows.
PodSpec - What a pod is to be.
  activeDeadlineSeconds long - How long it may be active before it is ended.
  affinity Affinity - Wishes and demands about where it runs.
  automountServiceAccountToken bool - Whether it gets a token of its service account.
  containers! [Container] @name merge=name - The containers; at least one.
  dnsConfig PodDNSConfig - DNS settings besides those of the policy.
  dnsPolicy "ClusterFirst|ClusterFirstWithHostNet|Default|None" - Where names are resolved.
  enableServiceLinks bool - Whether services show up as environment variables.
  ephemeralContainers [EphemeralContainer] @name merge=name - Containers added later to find out what is wrong.
  hostAliases [HostAlias] @ip merge=ip - Further lines of /etc/hosts.
  hostIPC bool - Whether it shares the node's IPC.
  hostNetwork bool - Whether it uses the node's network.
  hostPID bool - Whether it sees the node's processes.
  hostUsers bool - Whether it uses the node's users; false for a user namespace.
  hostname string - Its host name; the pod's name where nothing is said.
  hostnameOverride string - Its host name as programs see it.
  imagePullSecrets [LocalObjectReference] @name merge=name - Secrets to fetch images with.
  initContainers [Container] @name merge=name - Containers that run before the others, one after the other.
  nodeName string - Node it is on; set by the scheduler.
  nodeSelector {string} atomic - Labels that a node must have.
  os PodOS - Operating system it needs.
  overhead {Quantity} - Resources that the runtime itself needs.
  preemptionPolicy "Never|PreemptLowerPriority" - Whether it may displace pods of lower priority.
  priority int - Its priority as a number.
  priorityClassName string - Class its priority comes from.
  readinessGates [PodReadinessGate] - Further conditions for being ready.
  resourceClaims [PodResourceClaim] @name merge+retain=name - Claims for devices.
  resources ResourceRequirements - Resources for the pod as a whole.
  restartPolicy "Always|Never|OnFailure" - Whether containers are restarted: Always, OnFailure, Never.
  runtimeClassName string - Class of the container runtime.
  schedulerName string - Scheduler that places it.
  schedulingGates [PodSchedulingGate] @name merge=name - What keeps it from being scheduled.
  schedulingGroup PodSchedulingGroup - Pods it is scheduled with.
  securityContext PodSecurityContext - Rights that its containers run with.
  serviceAccount string - Old name of serviceAccountName.
  serviceAccountName string - Service account it runs as.
  setHostnameAsFQDN bool - Whether its host name is the full name.
  shareProcessNamespace bool - Whether its containers see each other's processes.
  subdomain string - Makes its full name hostname.subdomain.namespace.svc.domain.
  terminationGracePeriodSeconds long - How long it has to end by itself.
  tolerations [Toleration] - Taints of nodes that it puts up with.
  topologySpreadConstraints [TopologySpreadConstraint] @topologyKey,whenUnsatisfiable merge=topologyKey - How pods like it are spread.
  volumes [Volume] @name merge+retain=name - Volumes that its containers can mount.
PodStatus - How a pod is doing.
  allocatedResources {Quantity} - Resources the node has set aside.
  conditions [PodCondition] @type merge=type - Observations about its state, each with a type of its own.
  containerStatuses [ContainerStatus] - How its containers are doing.
  ephemeralContainerStatuses [ContainerStatus] - How its ephemeral containers are doing.
  extendedResourceClaimStatus PodExtendedResourceClaimStatus - Claim made for extended resources.
  hostIP string - Address of its node.
  hostIPs [HostIP] merge=ip - Addresses of its node.
  initContainerStatuses [ContainerStatus] - How its init containers are doing.
  message string - Why it is in this state, in words.
  nodeAllocatableResourceClaimStatuses [NodeAllocatableResourceClaimStatus] - Node resources that its claims use.
  nominatedNodeName string - Node that is being cleared for it.
  observedGeneration long - The metadata.generation that the status is about.
  phase "Failed|Pending|Running|Succeeded|Unknown" - Pending, Running, Succeeded, Failed or Unknown.
  podIP string - Its address.
  podIPs [PodIP] @ip merge=ip - Its addresses, one for each family.
  qosClass "BestEffort|Burstable|Guaranteed" - Guaranteed, Burstable or BestEffort.
  reason string - Why it is in this state, in a word.
  resize string - How resizing goes; conditions have taken its place.
  resourceClaimStatuses [PodResourceClaimStatus] @name merge+retain=name - Claims made for it.
  resources ResourceRequirements - Resources that are in force.
  startTime Time - When the kubelet took it on.
PodTemplate kind - A template for pods, by itself.
  template PodTemplateSpec - The pods to make.
PodTemplateSpec - Pods to make: their metadata and spec.
  metadata ObjectMeta - Labels and annotations of the pods.
  spec PodSpec - What the pods are to be.
PortStatus - A port of a load balancer.
  error string - What went wrong.
  port! int - Number of the port.
  protocol! "SCTP|TCP|UDP" - TCP, UDP or SCTP.
PortworxVolumeSource - A volume of Portworx.
  fsType string - File system to mount, such as ext4 or xfs.
  readOnly bool - Whether it is mounted read-only.
  volumeID! string - Identifies the volume at the provider.
PreferredSchedulingTerm - A wish about nodes.
  preference! NodeSelectorTerm - The nodes.
  weight! int - How much it counts, 1 to 100.
Probe - A check of a container.
  exec ExecAction - Runs a command; exit code 0 is good.
  failureThreshold int - How many failures in a row count.
  grpc GRPCAction - Asks a gRPC health service.
  httpGet HTTPGetAction - Sends a GET request; 200 to 399 is good.
  initialDelaySeconds int - How long to wait after the start.
  periodSeconds int - How often it is done.
  successThreshold int - How many successes in a row count.
  tcpSocket TCPSocketAction - Opens a connection.
  terminationGracePeriodSeconds long - How long the container has to end when it failed.
  timeoutSeconds int - How long an answer may take.
ProjectedVolumeSource - Several sources in one directory.
  defaultMode int - Permission bits of the files, 0644 where nothing is said.
  sources [VolumeProjection] - The sources.
QuobyteVolumeSource - A volume of Quobyte.
  group string - Group to mount as.
  readOnly bool - Whether it is mounted read-only.
  registry! string - Addresses of the registry.
  tenant string - Tenant that owns the volume.
  user string - User to mount as.
  volume! string - Name of the volume.
RBDPersistentVolumeSource - A block device of Ceph.
  fsType string - File system to mount, such as ext4 or xfs.
  image! string - Name of the image.
  keyring string =/etc/ceph/keyring - File with the key ring.
  monitors! [string] - Addresses of the monitors.
  pool string =rbd - Name of the pool.
  readOnly bool - Whether it is mounted read-only.
  secretRef SecretReference - Secret with the credentials.
  user string =admin - Name of the user.
RBDVolumeSource - A block device of Ceph.
  fsType string - File system to mount, such as ext4 or xfs.
  image! string - Name of the image.
  keyring string =/etc/ceph/keyring - File with the key ring.
  monitors! [string] - Addresses of the monitors.
  pool string =rbd - Name of the pool.
  readOnly bool - Whether it is mounted read-only.
  secretRef LocalObjectReference - Secret with the credentials.
  user string =admin - Name of the user.
ReplicationController kind - Keeps a number of pods running; ReplicaSets have taken its place.
  spec ReplicationControllerSpec - What is wanted.
  status ReplicationControllerStatus - What is found, written by the system.
ReplicationControllerCondition - An observation about a replication controller.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
ReplicationControllerSpec - How many pods, and which.
  minReadySeconds int - For how long a new pod must be ready before it counts as available.
  replicas int =1 - How many pods are wanted.
  selector {string} atomic - Which pods it looks after, by their labels.
  template PodTemplateSpec - The pods to make.
ReplicationControllerStatus - How many pods there are.
  availableReplicas int - Pods ready for at least minReadySeconds.
  conditions [ReplicationControllerCondition] @type merge=type - Observations about its state, each with a type of its own.
  fullyLabeledReplicas int - Pods with all labels of the template.
  observedGeneration long - The metadata.generation that the status is about.
  readyReplicas int - Pods that are ready.
  replicas! int - Pods there are.
ResourceClaim - A claim of the pod that a container uses.
  name! string - Name of the claim within the pod.
  request string - Part of the claim; all of it where nothing is said.
ResourceFieldSelector atomic - A request or limit of a container.
  containerName string - The container; in variables, this one where nothing is said.
  divisor Quantity - Unit of the result: 1, 1m, 1Ki and so on.
  resource! string - Which one: limits.cpu, requests.memory and so on.
ResourceHealth - Health of a device.
  health string - Healthy, Unhealthy or Unknown.
  message string - Explanation for people.
  resourceID! string - Identifies the device.
ResourceQuota kind - Limits for all objects of a namespace together.
  spec ResourceQuotaSpec - What is wanted.
  status ResourceQuotaStatus - What is found, written by the system.
ResourceQuotaSpec - What is limited.
  hard {Quantity} - The limits.
  scopeSelector ScopeSelector - Which objects count.
  scopes ["BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass"] - Which objects count, in the simple form.
ResourceQuotaStatus - What is limited and used.
  hard {Quantity} - The limits.
  used {Quantity} - What is used.
ResourceRequirements - Resources a container needs and may use.
  claims [ResourceClaim] @name - Claims for devices that it uses.
  limits {Quantity} - The most it may use.
  requests {Quantity} - The least it needs.
ResourceStatus - Health of the devices of a resource.
  name! string - Name of it.
  resources [ResourceHealth] @resourceID - The devices.
SELinuxOptions - SELinux label.
  level string - Level of the label.
  role string - Role of the label.
  type string - Type of the label.
  user string - User of the label.
ScaleIOPersistentVolumeSource - A volume of ScaleIO.
  fsType string =xfs - File system to mount, such as ext4 or xfs.
  gateway! string - Address of the API gateway.
  protectionDomain string - Name of the protection domain.
  readOnly bool - Whether it is mounted read-only.
  secretRef! SecretReference - Secret with the credentials.
  sslEnabled bool - Whether TLS is used.
  storageMode string =ThinProvisioned - Thick or thin provisioning.
  storagePool string - Pool the volume is in.
  system! string - Name of the storage system.
  volumeName string - Name of the volume.
ScaleIOVolumeSource - A volume of ScaleIO.
  fsType string =xfs - File system to mount, such as ext4 or xfs.
  gateway! string - Address of the API gateway.
  protectionDomain string - Name of the protection domain.
  readOnly bool - Whether it is mounted read-only.
  secretRef! LocalObjectReference - Secret with the credentials.
  sslEnabled bool - Whether TLS is used.
  storageMode string =ThinProvisioned - Thick or thin provisioning.
  storagePool string - Pool the volume is in.
  system! string - Name of the storage system.
  volumeName string - Name of the volume.
ScopeSelector atomic - Objects that count for a quota.
  matchExpressions [ScopedResourceSelectorRequirement] - Conditions; all must be met.
ScopedResourceSelectorRequirement - A condition for counting.
  operator! "DoesNotExist|Exists|In|NotIn" - How key and values are compared.
  scopeName! "BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass" - What it is about.
  values [string] - Values to compare with.
SeccompProfile - Seccomp profile.
  localhostProfile string - Profile on the node, where the type is Localhost.
  type! "Localhost|RuntimeDefault|Unconfined" - Localhost, RuntimeDefault or Unconfined.
Secret kind - Data that is not for everybody: passwords, keys, tokens.
  data {bytes} - Entries, in base64.
  immutable bool - Whether the entries may never change again.
  stringData {string} - Entries as text, for writing only.
  type string - What it is used for.
SecretEnvSource - A Secret whose entries become variables.
  name string - Name of the Secret.
  optional bool - Whether it may be missing.
SecretKeySelector atomic - An entry of a Secret.
  key! string - Key that is meant.
  name string - Name of the Secret.
  optional bool - Whether it may be missing.
SecretProjection - Entries of a Secret as files.
  items [KeyToPath] - Which entries become files, and where; all of them where the list is empty.
  name string - Name of the Secret.
  optional bool - Whether it may be missing.
SecretReference atomic - A Secret in any namespace.
  name string - Name of it.
  namespace string - Namespace of it.
SecretVolumeSource - A Secret as a directory of files.
  defaultMode int - Permission bits of the files, 0644 where nothing is said.
  items [KeyToPath] - Which entries become files, and where; all of them where the list is empty.
  optional bool - Whether it may be missing.
  secretName string - Name of the Secret.
SecurityContext - Rights a container runs with.
  allowPrivilegeEscalation bool - Whether processes may gain rights.
  appArmorProfile AppArmorProfile - AppArmor profile.
  capabilities Capabilities - Linux capabilities.
  privileged bool - Whether it has nearly all rights of the node.
  procMount "Default|Unmasked" - How /proc is mounted.
  readOnlyRootFilesystem bool - Whether its own files are read-only.
  runAsGroup long - Group of the processes.
  runAsNonRoot bool - Whether root is refused.
  runAsUser long - User of the processes.
  seLinuxOptions SELinuxOptions - SELinux label.
  seccompProfile SeccompProfile - Seccomp profile.
  windowsOptions WindowsSecurityContextOptions - Settings for Windows.
Service kind - A name and address for a set of pods.
  spec ServiceSpec - What is wanted.
  status ServiceStatus - What is found, written by the system.
ServiceAccount kind - An identity for pods.
  automountServiceAccountToken bool - Whether pods get a token.
  imagePullSecrets [LocalObjectReference] - Secrets that its pods fetch images with.
  secrets [ObjectReference] @name merge=name - Secrets that its pods may use.
ServiceAccountTokenProjection - A token of the service account as a file.
  audience string - Whom the token is for.
  expirationSeconds long - How long it is valid; it is renewed in time.
  path! string - Path of the file in the volume.
ServicePort - A port of a service.
  appProtocol string - Protocol of the application on the port, a hint for proxies.
  name string - Name of the port; needed where there are several.
  nodePort int - Port that every node listens on.
  port! int - Number of the port.
  protocol "SCTP|TCP|UDP" =TCP - TCP, UDP or SCTP.
  targetPort IntOrString - Number or name of the pods' port.
ServiceSpec - What a service is to be.
  allocateLoadBalancerNodePorts bool - Whether a load balancer gets node ports.
  clusterIP string - Address in the cluster; None for none of its own.
  clusterIPs [string] - Addresses in the cluster, one for each family.
  externalIPs [string] - Further addresses that nodes take traffic for.
  externalName string - Name it stands for, where the type is ExternalName.
  externalTrafficPolicy "Cluster|Local" - Whether traffic from outside stays on the node it came to.
  healthCheckNodePort int - Port for the load balancer's checks.
  internalTrafficPolicy "Cluster|Local" - Whether traffic from inside stays on the node.
  ipFamilies ["|IPv4|IPv6"] - IPv4 and IPv6, in order of preference.
  ipFamilyPolicy "PreferDualStack|RequireDualStack|SingleStack" - Whether it has one or two families.
  loadBalancerClass string - Which load balancer implementation.
  loadBalancerIP string - Address wanted of the load balancer; not every provider minds it.
  loadBalancerSourceRanges [string] - Clients that the load balancer lets in.
  ports [ServicePort] @port,protocol merge=port - Its ports.
  publishNotReadyAddresses bool - Whether pods that are not ready count too.
  selector {string} atomic - Its pods, by their labels.
  sessionAffinity "ClientIP|None" - Whether a client stays with the same pod.
  sessionAffinityConfig SessionAffinityConfig - Settings of that.
  trafficDistribution string - Which pods are preferred: PreferSameZone and so on.
  type "ClusterIP|ExternalName|LoadBalancer|NodePort" - ClusterIP, NodePort, LoadBalancer or ExternalName.
ServiceStatus - How a service is doing.
  conditions [Condition] @type merge=type - Observations about its state, each with a type of its own.
  loadBalancer LoadBalancerStatus - Where its load balancer listens.
SessionAffinityConfig - Settings of session affinity.
  clientIP ClientIPConfig - Settings by client address.
SleepAction - Waits.
  seconds! long - For how long.
StorageOSPersistentVolumeSource - A volume of StorageOS.
  fsType string - File system to mount, such as ext4 or xfs.
  readOnly bool - Whether it is mounted read-only.
  secretRef ObjectReference - Secret with the credentials.
  volumeName string - Name of the volume.
  volumeNamespace string - Namespace of the volume.
StorageOSVolumeSource - A volume of StorageOS.
  fsType string - File system to mount, such as ext4 or xfs.
  readOnly bool - Whether it is mounted read-only.
  secretRef LocalObjectReference - Secret with the credentials.
  volumeName string - Name of the volume.
  volumeNamespace string - Namespace of the volume.
Sysctl - A kernel setting.
  name! string - Name of it.
  value! string - Value of it.
TCPSocketAction - Opens a connection.
  host string - Host to connect to; the pod's address where nothing is said.
  port! IntOrString - Number or name of the port.
Taint - Keeps pods off a node that do not put up with it.
  effect! "NoExecute|NoSchedule|PreferNoSchedule" - NoSchedule, PreferNoSchedule or NoExecute.
  key! string - Key that is meant.
  timeAdded Time - When it was added.
  value string - Value of it.
Toleration - A taint that a pod puts up with.
  effect "NoExecute|NoSchedule|PreferNoSchedule" - Effect of the taint; all where nothing is said.
  key string - Key of the taint; all where nothing is said.
  operator "Equal|Exists|Gt|Lt" - Equal or Exists.
  tolerationSeconds long - How long it stays where the effect is NoExecute.
  value string - Value of the taint.
TopologySelectorLabelRequirement - A label of nodes.
  key! string - Key that is meant.
  values! [string] - One of these must be its value.
TopologySelectorTerm atomic - Nodes where volumes can be made.
  matchLabelExpressions [TopologySelectorLabelRequirement] - Labels they must have.
TopologySpreadConstraint - How pods are spread over the cluster.
  labelSelector LabelSelector - The pods, by their labels.
  matchLabelKeys [string] - Labels that must be the pod's own.
  maxSkew! int - By how many pods places may differ.
  minDomains int - How many places there must be.
  nodeAffinityPolicy "Honor|Ignore" - Whether the pod's node affinity counts.
  nodeTaintsPolicy "Honor|Ignore" - Whether taints count.
  topologyKey! string - Node label that tells places apart.
  whenUnsatisfiable! "DoNotSchedule|ScheduleAnyway" - DoNotSchedule or ScheduleAnyway.
TypedLocalObjectReference atomic - An object of a kind in the same namespace.
  apiGroup string - API group of the object; empty for the core group.
  kind! string - Kind of the object.
  name! string - Name of it.
TypedObjectReference - An object of a kind.
  apiGroup string - API group of the object; empty for the core group.
  kind! string - Kind of the object.
  name! string - Name of it.
  namespace string - Namespace of it.
Volume - A directory that containers of a pod can mount.
  awsElasticBlockStore AWSElasticBlockStoreVolumeSource - A disk of AWS.
  azureDisk AzureDiskVolumeSource - A disk of Azure.
  azureFile AzureFileVolumeSource - A file share of Azure.
  cephfs CephFSVolumeSource - A Ceph file system.
  cinder CinderVolumeSource - A volume of OpenStack.
  configMap ConfigMapVolumeSource - A ConfigMap as files.
  csi CSIVolumeSource - A volume that a CSI driver makes for the pod.
  downwardAPI DownwardAPIVolumeSource - Facts about the pod as files.
  emptyDir EmptyDirVolumeSource - An empty directory that lives as long as the pod.
  ephemeral EphemeralVolumeSource - A volume made for the pod by way of a claim.
  fc FCVolumeSource - A Fibre Channel disk.
  flexVolume FlexVolumeSource - A volume of a FlexVolume driver.
  flocker FlockerVolumeSource - A volume of Flocker.
  gcePersistentDisk GCEPersistentDiskVolumeSource - A disk of Google Cloud.
  gitRepo GitRepoVolumeSource - A Git repository; disabled nowadays.
  glusterfs GlusterfsVolumeSource - A Gluster file system.
  hostPath HostPathVolumeSource - A file or directory of the node.
  image ImageVolumeSource - The files of an image.
  iscsi ISCSIVolumeSource - An iSCSI disk.
  name! string - Name of the volume, unique within the pod.
  nfs NFSVolumeSource - A share of an NFS server.
  persistentVolumeClaim PersistentVolumeClaimVolumeSource - The volume of a claim.
  photonPersistentDisk PhotonPersistentDiskVolumeSource - A Photon disk.
  portworxVolume PortworxVolumeSource - A volume of Portworx.
  projected ProjectedVolumeSource - Several sources in one directory.
  quobyte QuobyteVolumeSource - A volume of Quobyte.
  rbd RBDVolumeSource - A block device of Ceph.
  scaleIO ScaleIOVolumeSource - A volume of ScaleIO.
  secret SecretVolumeSource - A Secret as files.
  storageos StorageOSVolumeSource - A volume of StorageOS.
  vsphereVolume VsphereVirtualDiskVolumeSource - A disk of vSphere.
VolumeDevice - A block device in a container.
  devicePath! string - Path of the device in the container.
  name! string - Name of the pod's volume.
VolumeMount - Where a volume appears in a container.
  mountPath! string - Path in the container.
  mountPropagation "Bidirectional|HostToContainer|None" - Whether later mounts show on the other side.
  name! string - Name of the pod's volume.
  readOnly bool - Whether it is mounted read-only.
  recursiveReadOnly string - Whether mounts below are read-only too.
  subPath string - Path in the volume to mount instead of its root.
  subPathExpr string - The same, with $(NAME) for variables.
VolumeMountStatus - A mount as it is.
  mountPath! string - Path in the container.
  name! string - Name of the pod's volume.
  readOnly bool - Whether it is mounted read-only.
  recursiveReadOnly string - Whether mounts below are read-only too.
  volumeStatus VolumeStatus - The volume as it is.
VolumeNodeAffinity - Nodes a volume can be reached from.
  required NodeSelector - They must be these.
VolumeProjection - One source of a projected volume.
  clusterTrustBundle ClusterTrustBundleProjection - Certificates of a ClusterTrustBundle.
  configMap ConfigMapProjection - Entries of a ConfigMap.
  downwardAPI DownwardAPIProjection - Facts about the pod.
  podCertificate PodCertificateProjection - A key and certificate for the pod.
  secret SecretProjection - Entries of a Secret.
  serviceAccountToken ServiceAccountTokenProjection - A token of the service account.
VolumeResourceRequirements - How much storage.
  limits {Quantity} - The most.
  requests {Quantity} - The least.
VolumeStatus - A volume as it is.
  image ImageVolumeStatus - An image volume.
VsphereVirtualDiskVolumeSource - A disk of vSphere.
  fsType string - File system to mount, such as ext4 or xfs.
  storagePolicyID string - Identifies the storage policy.
  storagePolicyName string - Name of the storage policy.
  volumePath! string - Path of the disk.
WeightedPodAffinityTerm - A wish about other pods.
  podAffinityTerm! PodAffinityTerm - The pods.
  weight! int - How much it counts, 1 to 100.
WindowsSecurityContextOptions - Rights on Windows.
  gmsaCredentialSpec string - Credential spec of the group account.
  gmsaCredentialSpecName string - Name of the credential spec.
  hostProcess bool - Whether it runs as a process of the node.
  runAsUserName string - User of the processes.
`,
};
