// The fields of the built-in types of networking, discovery, storage, node and resource. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const networkSchemas: Readonly<Record<string, string>> = {
  'io.k8s.api.networking.v1': `
HTTPIngressPath - Where requests for a path go.
  backend! IngressBackend - Service they go to.
  path string - Path that is meant.
  pathType! "Exact|ImplementationSpecific|Prefix" - Exact, Prefix or ImplementationSpecific.
HTTPIngressRuleValue - Where requests go, by their path.
  paths! [HTTPIngressPath] - The paths.
IPAddress kind - An address that is in use by a service.
  spec! IPAddressSpec - What is wanted.
IPAddressSpec - Who uses it.
  parentRef! ParentReference - The object that uses it.
IPBlock - A range of addresses.
  cidr! string - The range.
  except [string] - Ranges within it that are not meant.
Ingress kind - How requests from outside get to services, by host and path.
  spec IngressSpec - What is wanted.
  status IngressStatus - What is found, written by the system.
IngressBackend - Where requests go.
  resource TypedLocalObjectReference - Another object, instead of a service.
  service IngressServiceBackend - A service.
IngressClass kind - An implementation of ingresses.
  spec IngressClassSpec - What is wanted.
IngressClassParametersReference - An object with settings.
  apiGroup string - API group of the object; empty for the core group.
  kind! string - Kind of the object.
  name! string - Name of it.
  namespace string - Namespace of it.
  scope string - Cluster or Namespace.
IngressClassSpec - Which implementation.
  controller string - Name of the controller.
  parameters IngressClassParametersReference - Object with settings.
IngressLoadBalancerIngress - Where a load balancer listens.
  hostname string - Its host name.
  ip string - Its address.
  ports [IngressPortStatus] - Its ports.
IngressLoadBalancerStatus - Where a load balancer listens.
  ingress [IngressLoadBalancerIngress] - Its addresses.
IngressPortStatus - A port of a load balancer.
  error string - What went wrong.
  port! int - Number of the port.
  protocol! "SCTP|TCP|UDP" - TCP, UDP or SCTP.
IngressRule - Where requests for a host go.
  host string - Host name; all where nothing is said.
  http HTTPIngressRuleValue - Where they go, by their path.
IngressServiceBackend - A service.
  name! string - Name of the service.
  port ServiceBackendPort - Port of the service.
IngressSpec - Where requests go.
  defaultBackend IngressBackend - Where those go that no rule is for.
  ingressClassName string - Implementation that serves it.
  rules [IngressRule] - Where requests go, by host and path.
  tls [IngressTLS] - Certificates.
IngressStatus - What the implementation made of it.
  loadBalancer IngressLoadBalancerStatus - Where it listens.
IngressTLS - A certificate.
  hosts [string] - Hosts it is for.
  secretName string - Secret with certificate and key.
NetworkPolicy kind - Which traffic pods let in and out.
  spec NetworkPolicySpec - What is wanted.
NetworkPolicyEgressRule - Traffic that is let out.
  ports [NetworkPolicyPort] - To these ports; all where empty.
  to [NetworkPolicyPeer] - To these; all where empty.
NetworkPolicyIngressRule - Traffic that is let in.
  from [NetworkPolicyPeer] - From these; all where empty.
  ports [NetworkPolicyPort] - To these ports; all where empty.
NetworkPolicyPeer - Where traffic comes from or goes to.
  ipBlock IPBlock - A range of addresses.
  namespaceSelector LabelSelector - Namespaces that are meant, by their labels.
  podSelector LabelSelector - Pods, by their labels.
NetworkPolicyPort - A port or range of ports.
  endPort int - Last port of the range.
  port IntOrString - Number or name of the port; all where nothing is said.
  protocol "SCTP|TCP|UDP" - TCP, UDP or SCTP.
NetworkPolicySpec - Which pods, and which traffic.
  egress [NetworkPolicyEgressRule] - Traffic that is let out.
  ingress [NetworkPolicyIngressRule] - Traffic that is let in.
  podSelector LabelSelector - The pods it is for; all of the namespace where empty.
  policyTypes ["Egress|Ingress"] - Directions it is about: Ingress, Egress.
ParentReference - The object an address belongs to.
  group string - API group that is meant.
  name! string - Name of it.
  namespace string - Namespace of it.
  resource! string - Resource that is meant, in the plural.
ServiceBackendPort atomic - Port of a service: one of the two.
  name string - Name of the port.
  number int - Number of the port.
ServiceCIDR kind - Ranges that service addresses are taken from.
  spec ServiceCIDRSpec - What is wanted.
  status ServiceCIDRStatus - What is found, written by the system.
ServiceCIDRSpec - The ranges.
  cidrs [string] - One range for each family.
ServiceCIDRStatus - How they are doing.
  conditions [Condition] @type merge=type - Observations about its state, each with a type of its own.
`,
  'io.k8s.api.discovery.v1': `
Endpoint - A pod behind a service.
  addresses! [string] set - Its addresses.
  conditions EndpointConditions - Whether it can take traffic.
  deprecatedTopology {string} - Not used any more.
  hints EndpointHints - Who should send traffic to it.
  hostname string - Host name of the pod.
  nodeName string - Node it is on.
  targetRef ObjectReference - The pod.
  zone string - Zone it is in.
EndpointConditions - Whether an endpoint can take traffic.
  ready bool - Whether it is ready and not ending.
  serving bool - Whether it is ready, ending or not.
  terminating bool - Whether it is ending.
EndpointHints - Who should send traffic to an endpoint.
  forNodes [ForNode] - These nodes.
  forZones [ForZone] - These zones.
EndpointPort atomic - A port of the endpoints.
  appProtocol string - Protocol of the application on the port, a hint for proxies.
  name string - Name of the port, that of the service's port.
  port int - Number of the port.
  protocol "SCTP|TCP|UDP" - TCP, UDP or SCTP.
EndpointSlice kind - Some of the pods behind a service.
  addressType! "FQDN|IPv4|IPv6" - IPv4, IPv6 or FQDN.
  endpoints [Endpoint] - The pods.
  ports [EndpointPort] - Their ports.
ForNode - A node.
  name! string - Name of it.
ForZone - A zone.
  name! string - Name of it.
`,
  'io.k8s.api.storage.v1': `
CSIDriver kind - A storage driver of the cluster.
  spec! CSIDriverSpec - What is wanted.
CSIDriverSpec - What the driver can and needs.
  attachRequired bool - Whether volumes are attached before they are mounted.
  fsGroupPolicy string - Whether the owner of files is changed.
  nodeAllocatableUpdatePeriodSeconds long - How often the limits of nodes are read.
  podInfoOnMount bool - Whether it is told about the pod.
  preventPodSchedulingIfMissing bool - Whether pods wait for nodes that have it.
  requiresRepublish bool - Whether volumes are published again and again.
  seLinuxMount bool - Whether volumes are mounted with an SELinux label.
  serviceAccountTokenInSecrets bool - Whether it gets tokens as secrets.
  storageCapacity bool - Whether the scheduler minds the capacity.
  tokenRequests [TokenRequest] - Tokens it is given.
  volumeLifecycleModes [string] set - Persistent, Ephemeral or both.
CSINode kind - Storage drivers of a node.
  spec! CSINodeSpec - What is wanted.
CSINodeDriver - A storage driver of a node.
  allocatable VolumeNodeResources - What the node can take.
  name! string - Name of the driver.
  nodeID! string - Name of the node for the driver.
  topologyKeys [string] - Node labels that the driver uses.
CSINodeSpec - The drivers.
  drivers! [CSINodeDriver] @name merge=name - The drivers.
CSIStorageCapacity kind - How much storage a driver has somewhere.
  capacity Quantity - How much there is.
  maximumVolumeSize Quantity - Largest volume.
  nodeTopology LabelSelector - Nodes it can be used from.
  storageClassName! string - Class it is for.
StorageClass kind - A kind of storage to choose.
  allowVolumeExpansion bool - Whether claims may grow.
  allowedTopologies [TopologySelectorTerm] - Nodes volumes may be made for.
  mountOptions [string] - Options for mounting.
  parameters {string} - Settings that the driver understands.
  provisioner! string - Who makes the volumes.
  reclaimPolicy "Delete|Recycle|Retain" - What becomes of a volume when its claim goes.
  volumeBindingMode "Immediate|WaitForFirstConsumer" - Whether a claim is bound at once or with its first pod.
TokenRequest - A token for a driver.
  audience! string - Whom it is for.
  expirationSeconds long - How long it is valid.
VolumeAttachment kind - Attaches a volume to a node.
  spec! VolumeAttachmentSpec - What is wanted.
  status VolumeAttachmentStatus - What is found, written by the system.
VolumeAttachmentSource - What is attached: one of the two.
  inlineVolumeSpec PersistentVolumeSpec - A volume without an object.
  persistentVolumeName string - Name of a volume.
VolumeAttachmentSpec - What is attached where.
  attacher! string - Driver that does it.
  nodeName! string - Node that is meant.
  source! VolumeAttachmentSource - The volume.
VolumeAttachmentStatus - What came of it.
  attachError VolumeError - What went wrong in attaching.
  attached! bool - Whether it is attached.
  attachmentMetadata {string} - What the driver says of it.
  detachError VolumeError - What went wrong in detaching.
VolumeAttributesClass kind - Changeable attributes of volumes to choose.
  driverName! string - Driver that applies them.
  parameters {string} - Settings that the driver understands.
VolumeError - What went wrong.
  errorCode int - gRPC code of it.
  message string - In words.
  time Time - When.
VolumeNodeResources - What a node can take.
  count int - Number of volumes.
`,
  'io.k8s.api.node.v1': `
Overhead - Resources that a runtime itself needs.
  podFixed {Quantity} - For every pod.
RuntimeClass kind - A container runtime to choose.
  handler! string - Its name in the configuration of the nodes.
  overhead Overhead - Resources it needs itself.
  scheduling Scheduling - Nodes that have it.
Scheduling - Nodes that have a runtime.
  nodeSelector {string} atomic - Labels they have.
  tolerations [Toleration] - Taints they have.
`,
  'io.k8s.api.resource.v1': `
AllocatedDeviceStatus - A device given to a claim, as its driver sees it.
  conditions [Condition] @type - Observations about its state, each with a type of its own.
  data any - What the driver says of it.
  device! string - Name of the device.
  driver! string - Name of the driver.
  networkData NetworkDeviceData - Its network interface.
  pool! string - Name of the pool.
  shareID string - Which share of the device.
AllocationResult - What a claim was given.
  allocationTimestamp Time - When.
  devices DeviceAllocationResult - The devices.
  nodeSelector NodeSelector - Labels that a node must have.
CELDeviceSelector - Devices that are meant, by an expression.
  expression! string - Expression in CEL.
CapacityRequestPolicy - Which amounts of a capacity can be asked for.
  default Quantity - Amount where nothing is said.
  validRange CapacityRequestPolicyRange - Amounts in this range.
  validValues [Quantity] - Exactly these amounts.
CapacityRequestPolicyRange - A range of amounts.
  max Quantity - Most.
  min! Quantity - Least.
  step Quantity - Distance between amounts.
CapacityRequirements - How much of a device's capacity is wanted.
  requests {Quantity} - What is asked for.
Counter - Something that devices share.
  value! Quantity - Value of it.
CounterSet - Things that devices share.
  counters! {Counter} - The things, by name.
  name! string - Name of it.
Device - A device of a node.
  allNodes bool - Whether all nodes are meant.
  allowMultipleAllocations bool - Whether several claims may have it.
  attributes {DeviceAttribute} - What it is like.
  bindingConditions [string] - What must be true before it can be used.
  bindingFailureConditions [string] - What means that it cannot be used.
  bindsToNode bool - Whether claims with it stay on the node.
  capacity {DeviceCapacity} - How much it has.
  consumesCounters [DeviceCounterConsumption] - What it takes of the things it shares.
  name! string - Name of it.
  nodeAllocatableResourceMappings {NodeAllocatableResourceMapping} - Resources of the node that it stands for.
  nodeName string - Node that is meant.
  nodeSelector NodeSelector - Labels that a node must have.
  taints [DeviceTaint] - What keeps claims off it.
DeviceAllocationConfiguration - Settings for devices that were given.
  opaque OpaqueDeviceConfiguration - Settings that the driver understands.
  requests [string] - What is asked for.
  source! "FromClaim|FromClass" - Where they come from: FromClass or FromClaim.
DeviceAllocationResult - Devices that a claim was given.
  config [DeviceAllocationConfiguration] - Settings for them.
  results [DeviceRequestAllocationResult] - The devices, by request.
DeviceAttribute - What a device is like: one of these.
  bool bool - Yes or no.
  bools [bool] - Several of them.
  int long - A number.
  ints [long] - Several numbers.
  string string - A text.
  strings [string] - Several texts.
  version string - A version.
  versions [string] - Several versions.
DeviceCapacity - How much a device has.
  requestPolicy CapacityRequestPolicy - Which amounts can be asked for.
  value! Quantity - How much.
DeviceClaim - Which devices are wanted.
  config [DeviceClaimConfiguration] - Settings for them.
  constraints [DeviceConstraint] - What must hold for all of them.
  requests [DeviceRequest] - The devices, one entry for each kind.
DeviceClaimConfiguration - Settings for devices of a claim.
  opaque OpaqueDeviceConfiguration - Settings that the driver understands.
  requests [string] - Requests it is for; all where empty.
DeviceClass kind - A kind of devices to choose.
  spec! DeviceClassSpec - What is wanted.
DeviceClassConfiguration - Settings for devices of a class.
  opaque OpaqueDeviceConfiguration - Settings that the driver understands.
DeviceClassSpec - Which devices are in the class.
  config [DeviceClassConfiguration] - Settings for them.
  extendedResourceName string - Resource name that stands for the class.
  selectors [DeviceSelector] - The devices; all conditions must be met.
DeviceConstraint - What must hold for several devices.
  distinctAttribute string - Attribute that must differ.
  matchAttribute string - Attribute that must be the same.
  requests [string] - Requests it is for; all where empty.
DeviceCounterConsumption - What a device takes of things it shares.
  counterSet! string - Set of the things.
  counters! {Counter} - How much of each.
DeviceRequest - A kind of devices that is wanted: one of the two.
  exactly ExactDeviceRequest - Exactly these.
  firstAvailable [DeviceSubRequest] - The first of these that there is.
  name! string - Name of the request.
DeviceRequestAllocationResult - A device that a request was given.
  adminAccess bool - Whether it is for administration only.
  bindingConditions [string] - What must be true before it can be used.
  bindingFailureConditions [string] - What means that it cannot be used.
  consumedCapacity {Quantity} - How much of it was given.
  device! string - Name of the device.
  driver! string - Name of the driver.
  pool! string - Name of the pool.
  request! string - The request that is meant.
  shareID string - Which share of the device.
  tolerations [DeviceToleration] - Taints the request puts up with.
DeviceSelector - Devices that are meant.
  cel CELDeviceSelector - By an expression.
DeviceSubRequest - A kind of devices that would do.
  allocationMode "All|ExactCount" - ExactCount or All.
  capacity CapacityRequirements - How much of them is wanted.
  count long - How many.
  deviceClassName! string - Class they are of.
  name! string - Name of it.
  selectors [DeviceSelector] - Which of the class; all conditions must be met.
  tolerations [DeviceToleration] - Taints it puts up with.
DeviceTaint - Keeps claims off a device.
  effect! "NoExecute|NoSchedule|None" - NoSchedule, NoExecute or None.
  key! string - Key that is meant.
  timeAdded Time - When it was added.
  value string - Value of it.
DeviceToleration - A taint that a request puts up with.
  effect "NoExecute|NoSchedule|None" - Effect of the taint; all where nothing is said.
  key string - Key that is meant.
  operator "Equal|Exists" =Equal - How key and values are compared.
  tolerationSeconds long - For how long, where the effect is NoExecute.
  value string - Value of it.
ExactDeviceRequest - A kind of devices that is wanted.
  adminAccess bool - Whether it is for administration only.
  allocationMode "All|ExactCount" - ExactCount or All.
  capacity CapacityRequirements - How much of them is wanted.
  count long - How many.
  deviceClassName! string - Class they are of.
  selectors [DeviceSelector] - Which of the class; all conditions must be met.
  tolerations [DeviceToleration] - Taints it puts up with.
NetworkDeviceData - A network interface.
  hardwareAddress string - Its hardware address.
  interfaceName string - Its name.
  ips [string] - Its addresses.
NodeAllocatableResourceMapping - A resource of the node that a device stands for.
  allocationMultiplier Quantity - How much for each.
  capacityKey string - Capacity that is meant.
OpaqueDeviceConfiguration - Settings that a driver understands.
  driver! string - Name of the driver.
  parameters! any - The settings.
ResourceClaim kind - A wish for devices.
  spec! ResourceClaimSpec - What is wanted.
  status ResourceClaimStatus - What is found, written by the system.
ResourceClaimConsumerReference - Who uses a claim.
  apiGroup string - API group of the object; empty for the core group.
  name! string - Name of it.
  resource! string - Resource that is meant, in the plural.
  uid! string - UID of the object.
ResourceClaimSpec - Which devices are wanted.
  devices DeviceClaim - The devices.
ResourceClaimStatus - What the claim was given.
  allocation AllocationResult - The devices, and where they are.
  devices [AllocatedDeviceStatus] @driver,device,pool,shareID - How they are doing.
  reservedFor [ResourceClaimConsumerReference] @uid merge=uid - Who may use them now.
ResourceClaimTemplate kind - Claims to make for pods.
  spec! ResourceClaimTemplateSpec - What is wanted.
ResourceClaimTemplateSpec - Metadata and spec of the claims.
  metadata ObjectMeta - Name, labels and other data about the object.
  spec! ResourceClaimSpec - What is wanted.
ResourcePool - Devices that are described together.
  generation! long - Counts the changes of the pool.
  name! string - Name of it.
  resourceSliceCount! long - In how many slices it is described.
ResourceSlice kind - Devices of a node, or some of them.
  spec! ResourceSliceSpec - What is wanted.
ResourceSliceSpec - The devices, and where they are.
  allNodes bool - Whether all nodes are meant.
  devices [Device] - The devices.
  driver! string - Name of the driver.
  nodeName string - Node that is meant.
  nodeSelector NodeSelector - Labels that a node must have.
  perDeviceNodeSelection bool - Whether each device says where it is.
  pool! ResourcePool - Name of the pool.
  sharedCounters [CounterSet] - Things that they share.
`,
};
