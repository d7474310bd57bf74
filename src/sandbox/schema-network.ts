// The fields of the built-in types of networking, discovery, storage, node and resource. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const networkSchemas: Readonly<Record<string, string>> = {
  'io.k8s.api.networking.v1': `
HTTPIngressPath
  backend! IngressBackend
  path string
  pathType! "Exact|ImplementationSpecific|Prefix"
HTTPIngressRuleValue
  paths! [HTTPIngressPath]
IPAddress kind
  spec! IPAddressSpec
IPAddressSpec
  parentRef! ParentReference
IPBlock
  cidr! string
  except [string]
Ingress kind
  spec IngressSpec
  status IngressStatus
IngressBackend
  resource TypedLocalObjectReference
  service IngressServiceBackend
IngressClass kind
  spec IngressClassSpec
IngressClassParametersReference
  apiGroup string
  kind! string
  name! string
  namespace string
  scope string
IngressClassSpec
  controller string
  parameters IngressClassParametersReference
IngressLoadBalancerIngress
  hostname string
  ip string
  ports [IngressPortStatus]
IngressLoadBalancerStatus
  ingress [IngressLoadBalancerIngress]
IngressPortStatus
  error string
  port! int
  protocol! "SCTP|TCP|UDP"
IngressRule
  host string
  http HTTPIngressRuleValue
IngressServiceBackend
  name! string
  port ServiceBackendPort
IngressSpec
  defaultBackend IngressBackend
  ingressClassName string
  rules [IngressRule]
  tls [IngressTLS]
IngressStatus
  loadBalancer IngressLoadBalancerStatus
IngressTLS
  hosts [string]
  secretName string
NetworkPolicy kind
  spec NetworkPolicySpec
NetworkPolicyEgressRule
  ports [NetworkPolicyPort]
  to [NetworkPolicyPeer]
NetworkPolicyIngressRule
  from [NetworkPolicyPeer]
  ports [NetworkPolicyPort]
NetworkPolicyPeer
  ipBlock IPBlock
  namespaceSelector LabelSelector
  podSelector LabelSelector
NetworkPolicyPort
  endPort int
  port IntOrString
  protocol "SCTP|TCP|UDP"
NetworkPolicySpec
  egress [NetworkPolicyEgressRule]
  ingress [NetworkPolicyIngressRule]
  podSelector LabelSelector
  policyTypes ["Egress|Ingress"]
ParentReference
  group string
  name! string
  namespace string
  resource! string
ServiceBackendPort atomic
  name string
  number int
ServiceCIDR kind
  spec ServiceCIDRSpec
  status ServiceCIDRStatus
ServiceCIDRSpec
  cidrs [string]
ServiceCIDRStatus
  conditions [Condition] @type merge=type
`,
  'io.k8s.api.discovery.v1': `
Endpoint
  addresses! [string] set
  conditions EndpointConditions
  deprecatedTopology {string}
  hints EndpointHints
  hostname string
  nodeName string
  targetRef ObjectReference
  zone string
EndpointConditions
  ready bool
  serving bool
  terminating bool
EndpointHints
  forNodes [ForNode]
  forZones [ForZone]
EndpointPort atomic
  appProtocol string
  name string
  port int
  protocol "SCTP|TCP|UDP"
EndpointSlice kind
  addressType! "FQDN|IPv4|IPv6"
  endpoints [Endpoint]
  ports [EndpointPort]
ForNode
  name! string
ForZone
  name! string
`,
  'io.k8s.api.storage.v1': `
CSIDriver kind
  spec! CSIDriverSpec
CSIDriverSpec
  attachRequired bool
  fsGroupPolicy string
  nodeAllocatableUpdatePeriodSeconds long
  podInfoOnMount bool
  preventPodSchedulingIfMissing bool
  requiresRepublish bool
  seLinuxMount bool
  serviceAccountTokenInSecrets bool
  storageCapacity bool
  tokenRequests [TokenRequest]
  volumeLifecycleModes [string] set
CSINode kind
  spec! CSINodeSpec
CSINodeDriver
  allocatable VolumeNodeResources
  name! string
  nodeID! string
  topologyKeys [string]
CSINodeSpec
  drivers! [CSINodeDriver] @name merge=name
CSIStorageCapacity kind
  capacity Quantity
  maximumVolumeSize Quantity
  nodeTopology LabelSelector
  storageClassName! string
StorageClass kind
  allowVolumeExpansion bool
  allowedTopologies [TopologySelectorTerm]
  mountOptions [string]
  parameters {string}
  provisioner! string
  reclaimPolicy "Delete|Recycle|Retain"
  volumeBindingMode "Immediate|WaitForFirstConsumer"
TokenRequest
  audience! string
  expirationSeconds long
VolumeAttachment kind
  spec! VolumeAttachmentSpec
  status VolumeAttachmentStatus
VolumeAttachmentSource
  inlineVolumeSpec PersistentVolumeSpec
  persistentVolumeName string
VolumeAttachmentSpec
  attacher! string
  nodeName! string
  source! VolumeAttachmentSource
VolumeAttachmentStatus
  attachError VolumeError
  attached! bool
  attachmentMetadata {string}
  detachError VolumeError
VolumeAttributesClass kind
  driverName! string
  parameters {string}
VolumeError
  errorCode int
  message string
  time Time
VolumeNodeResources
  count int
`,
  'io.k8s.api.node.v1': `
Overhead
  podFixed {Quantity}
RuntimeClass kind
  handler! string
  overhead Overhead
  scheduling Scheduling
Scheduling
  nodeSelector {string} atomic
  tolerations [Toleration]
`,
  'io.k8s.api.resource.v1': `
AllocatedDeviceStatus
  conditions [Condition] @type
  data any
  device! string
  driver! string
  networkData NetworkDeviceData
  pool! string
  shareID string
AllocationResult
  allocationTimestamp Time
  devices DeviceAllocationResult
  nodeSelector NodeSelector
CELDeviceSelector
  expression! string
CapacityRequestPolicy
  default Quantity
  validRange CapacityRequestPolicyRange
  validValues [Quantity]
CapacityRequestPolicyRange
  max Quantity
  min! Quantity
  step Quantity
CapacityRequirements
  requests {Quantity}
Counter
  value! Quantity
CounterSet
  counters! {Counter}
  name! string
Device
  allNodes bool
  allowMultipleAllocations bool
  attributes {DeviceAttribute}
  bindingConditions [string]
  bindingFailureConditions [string]
  bindsToNode bool
  capacity {DeviceCapacity}
  consumesCounters [DeviceCounterConsumption]
  name! string
  nodeAllocatableResourceMappings {NodeAllocatableResourceMapping}
  nodeName string
  nodeSelector NodeSelector
  taints [DeviceTaint]
DeviceAllocationConfiguration
  opaque OpaqueDeviceConfiguration
  requests [string]
  source! "FromClaim|FromClass"
DeviceAllocationResult
  config [DeviceAllocationConfiguration]
  results [DeviceRequestAllocationResult]
DeviceAttribute
  bool bool
  bools [bool]
  int long
  ints [long]
  string string
  strings [string]
  version string
  versions [string]
DeviceCapacity
  requestPolicy CapacityRequestPolicy
  value! Quantity
DeviceClaim
  config [DeviceClaimConfiguration]
  constraints [DeviceConstraint]
  requests [DeviceRequest]
DeviceClaimConfiguration
  opaque OpaqueDeviceConfiguration
  requests [string]
DeviceClass kind
  spec! DeviceClassSpec
DeviceClassConfiguration
  opaque OpaqueDeviceConfiguration
DeviceClassSpec
  config [DeviceClassConfiguration]
  extendedResourceName string
  selectors [DeviceSelector]
DeviceConstraint
  distinctAttribute string
  matchAttribute string
  requests [string]
DeviceCounterConsumption
  counterSet! string
  counters! {Counter}
DeviceRequest
  exactly ExactDeviceRequest
  firstAvailable [DeviceSubRequest]
  name! string
DeviceRequestAllocationResult
  adminAccess bool
  bindingConditions [string]
  bindingFailureConditions [string]
  consumedCapacity {Quantity}
  device! string
  driver! string
  pool! string
  request! string
  shareID string
  tolerations [DeviceToleration]
DeviceSelector
  cel CELDeviceSelector
DeviceSubRequest
  allocationMode "All|ExactCount"
  capacity CapacityRequirements
  count long
  deviceClassName! string
  name! string
  selectors [DeviceSelector]
  tolerations [DeviceToleration]
DeviceTaint
  effect! "NoExecute|NoSchedule|None"
  key! string
  timeAdded Time
  value string
DeviceToleration
  effect "NoExecute|NoSchedule|None"
  key string
  operator "Equal|Exists" =Equal
  tolerationSeconds long
  value string
ExactDeviceRequest
  adminAccess bool
  allocationMode "All|ExactCount"
  capacity CapacityRequirements
  count long
  deviceClassName! string
  selectors [DeviceSelector]
  tolerations [DeviceToleration]
NetworkDeviceData
  hardwareAddress string
  interfaceName string
  ips [string]
NodeAllocatableResourceMapping
  allocationMultiplier Quantity
  capacityKey string
OpaqueDeviceConfiguration
  driver! string
  parameters! any
ResourceClaim kind
  spec! ResourceClaimSpec
  status ResourceClaimStatus
ResourceClaimConsumerReference
  apiGroup string
  name! string
  resource! string
  uid! string
ResourceClaimSpec
  devices DeviceClaim
ResourceClaimStatus
  allocation AllocationResult
  devices [AllocatedDeviceStatus] @driver,device,pool,shareID
  reservedFor [ResourceClaimConsumerReference] @uid merge=uid
ResourceClaimTemplate kind
  spec! ResourceClaimTemplateSpec
ResourceClaimTemplateSpec
  metadata ObjectMeta
  spec! ResourceClaimSpec
ResourcePool
  generation! long
  name! string
  resourceSliceCount! long
ResourceSlice kind
  spec! ResourceSliceSpec
ResourceSliceSpec
  allNodes bool
  devices [Device]
  driver! string
  nodeName string
  nodeSelector NodeSelector
  perDeviceNodeSelection bool
  pool! ResourcePool
  sharedCounters [CounterSet]
`,
};
