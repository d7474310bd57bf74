// The fields of the built-in types of what the API is made of: metadata, events, leases, extensions, admission, flow control. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const machinerySchemas: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1': `
Condition
  lastTransitionTime! Time
  message! string
  observedGeneration long
  reason! string
  status! string
  type! string
FieldSelectorRequirement
  key! string
  operator! string
  values [string]
LabelSelector atomic
  matchExpressions [LabelSelectorRequirement]
  matchLabels {string}
LabelSelectorRequirement
  key! string
  operator! string
  values [string]
ManagedFieldsEntry
  apiVersion string
  fieldsType string
  fieldsV1 any
  manager string
  operation string
  subresource string
  time Time
ObjectMeta
  annotations {string}
  creationTimestamp Time
  deletionGracePeriodSeconds long
  deletionTimestamp Time
  finalizers [string] set merge
  generateName string
  generation long
  labels {string}
  managedFields [ManagedFieldsEntry]
  name string
  namespace string
  ownerReferences [OwnerReference] @uid merge=uid
  resourceVersion string
  selfLink string
  uid string
OwnerReference atomic
  apiVersion! string
  blockOwnerDeletion bool
  controller bool
  kind! string
  name! string
  uid! string
ShardInfo
  selector! string
`,
  'io.k8s.api.events.v1': `
Event kind
  action string
  deprecatedCount int
  deprecatedFirstTimestamp Time
  deprecatedLastTimestamp Time
  deprecatedSource EventSource
  eventTime! MicroTime
  note string
  reason string
  regarding ObjectReference
  related ObjectReference
  reportingController string
  reportingInstance string
  series EventSeries
  type string
EventSeries
  count! int
  lastObservedTime! MicroTime
`,
  'io.k8s.api.coordination.v1': `
Lease kind
  spec LeaseSpec
LeaseSpec
  acquireTime MicroTime
  holderIdentity string
  leaseDurationSeconds int
  leaseTransitions int
  preferredHolder string
  renewTime MicroTime
  strategy string
`,
  'io.k8s.api.scheduling.v1': `
PriorityClass kind
  description string
  globalDefault bool
  preemptionPolicy "Never|PreemptLowerPriority"
  value int
`,
  'io.k8s.api.admissionregistration.v1': `
ApplyConfiguration
  expression string
AuditAnnotation
  key! string
  valueExpression! string
ExpressionWarning
  fieldRef! string
  warning! string
JSONPatch
  expression string
MatchCondition
  expression! string
  name! string
MatchResources atomic
  excludeResourceRules [NamedRuleWithOperations]
  matchPolicy "Equivalent|Exact"
  namespaceSelector LabelSelector
  objectSelector LabelSelector
  resourceRules [NamedRuleWithOperations]
MutatingAdmissionPolicy kind
  spec MutatingAdmissionPolicySpec
MutatingAdmissionPolicyBinding kind
  spec MutatingAdmissionPolicyBindingSpec
MutatingAdmissionPolicyBindingSpec
  matchResources MatchResources
  paramRef ParamRef
  policyName string
MutatingAdmissionPolicySpec
  failurePolicy "Fail|Ignore"
  matchConditions [MatchCondition] @name merge=name
  matchConstraints MatchResources
  mutations [Mutation]
  paramKind ParamKind
  reinvocationPolicy "IfNeeded|Never"
  variables [Variable]
MutatingWebhook
  admissionReviewVersions! [string]
  clientConfig! WebhookClientConfig
  failurePolicy "Fail|Ignore"
  matchConditions [MatchCondition] @name merge=name
  matchPolicy "Equivalent|Exact"
  name! string
  namespaceSelector LabelSelector
  objectSelector LabelSelector
  reinvocationPolicy "IfNeeded|Never"
  rules [RuleWithOperations]
  sideEffects! "None|NoneOnDryRun|Some|Unknown"
  timeoutSeconds int
MutatingWebhookConfiguration kind
  webhooks [MutatingWebhook] @name merge=name
Mutation
  applyConfiguration ApplyConfiguration
  jsonPatch JSONPatch
  patchType! "ApplyConfiguration|JSONPatch"
NamedRuleWithOperations atomic
  apiGroups [string]
  apiVersions [string]
  operations ["*|CONNECT|CREATE|DELETE|UPDATE"]
  resourceNames [string]
  resources [string]
  scope "*|Cluster|Namespaced"
ParamKind atomic
  apiVersion string
  kind string
ParamRef atomic
  name string
  namespace string
  parameterNotFoundAction string
  selector LabelSelector
RuleWithOperations
  apiGroups [string]
  apiVersions [string]
  operations ["*|CONNECT|CREATE|DELETE|UPDATE"]
  resources [string]
  scope "*|Cluster|Namespaced"
ServiceReference
  name! string
  namespace! string
  path string
  port int
TypeChecking
  expressionWarnings [ExpressionWarning]
ValidatingAdmissionPolicy kind
  spec ValidatingAdmissionPolicySpec
  status ValidatingAdmissionPolicyStatus
ValidatingAdmissionPolicyBinding kind
  spec! ValidatingAdmissionPolicyBindingSpec
ValidatingAdmissionPolicyBindingSpec
  matchResources MatchResources
  paramRef ParamRef
  policyName! string
  validationActions! ["Audit|Deny|Warn"] set
ValidatingAdmissionPolicySpec
  auditAnnotations [AuditAnnotation]
  failurePolicy "Fail|Ignore"
  matchConditions [MatchCondition] @name merge=name
  matchConstraints MatchResources
  paramKind ParamKind
  validations [Validation]
  variables [Variable] @name merge=name
ValidatingAdmissionPolicyStatus
  conditions [Condition] @type
  observedGeneration long
  typeChecking TypeChecking
ValidatingWebhook
  admissionReviewVersions! [string]
  clientConfig! WebhookClientConfig
  failurePolicy "Fail|Ignore"
  matchConditions [MatchCondition] @name merge=name
  matchPolicy "Equivalent|Exact"
  name! string
  namespaceSelector LabelSelector
  objectSelector LabelSelector
  rules [RuleWithOperations]
  sideEffects! "None|NoneOnDryRun|Some|Unknown"
  timeoutSeconds int
ValidatingWebhookConfiguration kind
  webhooks [ValidatingWebhook] @name merge=name
Validation
  expression! string
  message string
  messageExpression string
  reason string
Variable atomic
  expression! string
  name! string
WebhookClientConfig
  caBundle bytes
  service ServiceReference
  url string
`,
  'io.k8s.api.flowcontrol.v1': `
ExemptPriorityLevelConfiguration
  lendablePercent int
  nominalConcurrencyShares int
FlowDistinguisherMethod
  type! string
FlowSchema kind
  spec FlowSchemaSpec
  status FlowSchemaStatus
FlowSchemaCondition
  lastTransitionTime Time
  message string
  reason string
  status string
  type string
FlowSchemaSpec
  distinguisherMethod FlowDistinguisherMethod
  matchingPrecedence int
  priorityLevelConfiguration! PriorityLevelConfigurationReference
  rules [PolicyRulesWithSubjects]
FlowSchemaStatus
  conditions [FlowSchemaCondition] @type merge=type
GroupSubject
  name! string
LimitResponse
  queuing QueuingConfiguration
  type! string
LimitedPriorityLevelConfiguration
  borrowingLimitPercent int
  lendablePercent int
  limitResponse LimitResponse
  nominalConcurrencyShares int
NonResourcePolicyRule
  nonResourceURLs! [string] set
  verbs! [string] set
PolicyRulesWithSubjects
  nonResourceRules [NonResourcePolicyRule]
  resourceRules [ResourcePolicyRule]
  subjects! [Subject]
PriorityLevelConfiguration kind
  spec PriorityLevelConfigurationSpec
  status PriorityLevelConfigurationStatus
PriorityLevelConfigurationCondition
  lastTransitionTime Time
  message string
  reason string
  status string
  type string
PriorityLevelConfigurationReference
  name! string
PriorityLevelConfigurationSpec
  exempt ExemptPriorityLevelConfiguration
  limited LimitedPriorityLevelConfiguration
  type! string
PriorityLevelConfigurationStatus
  conditions [PriorityLevelConfigurationCondition] @type merge=type
QueuingConfiguration
  handSize int
  queueLengthLimit int
  queues int
ResourcePolicyRule
  apiGroups! [string] set
  clusterScope bool
  namespaces [string] set
  resources! [string] set
  verbs! [string] set
ServiceAccountSubject
  name! string
  namespace! string
Subject
  group GroupSubject
  kind! string
  serviceAccount ServiceAccountSubject
  user UserSubject
UserSubject
  name! string
`,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1': `
CustomResourceColumnDefinition
  description string
  format string
  jsonPath! string
  name! string
  priority int
  type! string
CustomResourceConversion
  strategy! string
  webhook WebhookConversion
CustomResourceDefinition kind
  spec! CustomResourceDefinitionSpec
  status CustomResourceDefinitionStatus
CustomResourceDefinitionCondition
  lastTransitionTime Time
  message string
  observedGeneration long
  reason string
  status! string
  type! string
CustomResourceDefinitionNames
  categories [string]
  kind! string
  listKind string
  plural! string
  shortNames [string]
  singular string
CustomResourceDefinitionSpec
  conversion CustomResourceConversion
  group! string
  names! CustomResourceDefinitionNames
  preserveUnknownFields bool
  scope! string
  versions! [CustomResourceDefinitionVersion]
CustomResourceDefinitionStatus
  acceptedNames CustomResourceDefinitionNames
  conditions [CustomResourceDefinitionCondition] @type
  observedGeneration long
  storedVersions [string]
CustomResourceDefinitionVersion
  additionalPrinterColumns [CustomResourceColumnDefinition]
  deprecated bool
  deprecationWarning string
  name! string
  schema CustomResourceValidation
  selectableFields [SelectableField]
  served! bool
  storage! bool
  subresources CustomResourceSubresources
CustomResourceSubresourceScale
  labelSelectorPath string
  specReplicasPath! string
  statusReplicasPath! string
CustomResourceSubresourceStatus
CustomResourceSubresources
  scale CustomResourceSubresourceScale
  status CustomResourceSubresourceStatus
CustomResourceValidation
  openAPIV3Schema JSONSchemaProps
ExternalDocumentation
  description string
  url string
JSONSchemaProps
  $ref string
  $schema string
  additionalItems any
  additionalProperties any
  allOf [JSONSchemaProps]
  anyOf [JSONSchemaProps]
  default any
  definitions {JSONSchemaProps}
  dependencies {any}
  description string
  enum [any]
  example any
  exclusiveMaximum bool
  exclusiveMinimum bool
  externalDocs ExternalDocumentation
  format string
  id string
  items any
  maxItems long
  maxLength long
  maxProperties long
  maximum double
  minItems long
  minLength long
  minProperties long
  minimum double
  multipleOf double
  not JSONSchemaProps
  nullable bool
  oneOf [JSONSchemaProps]
  pattern string
  patternProperties {JSONSchemaProps}
  properties {JSONSchemaProps}
  required [string]
  title string
  type string
  uniqueItems bool
  x-kubernetes-embedded-resource bool
  x-kubernetes-int-or-string bool
  x-kubernetes-list-map-keys [string]
  x-kubernetes-list-type string
  x-kubernetes-map-type string
  x-kubernetes-preserve-unknown-fields bool
  x-kubernetes-validations [ValidationRule] @rule merge=rule
SelectableField
  jsonPath! string
ServiceReference
  name! string
  namespace! string
  path string
  port int
ValidationRule
  fieldPath string
  message string
  messageExpression string
  optionalOldSelf bool
  reason "FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired"
  rule! string
WebhookClientConfig
  caBundle bytes
  service ServiceReference
  url string
WebhookConversion
  clientConfig WebhookClientConfig
  conversionReviewVersions! [string]
`,
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1': `
APIService kind
  spec APIServiceSpec
  status APIServiceStatus
APIServiceCondition
  lastTransitionTime Time
  message string
  reason string
  status! string
  type! string
APIServiceSpec
  caBundle bytes
  group string
  groupPriorityMinimum! int
  insecureSkipTLSVerify bool
  service ServiceReference
  version string
  versionPriority! int
APIServiceStatus
  conditions [APIServiceCondition] @type merge=type
ServiceReference
  name string
  namespace string
  port int
`,
};
