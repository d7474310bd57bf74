// The fields of the built-in types of what the API is made of: metadata, events, leases, extensions, admission, flow control. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const machinerySchemas: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1': `
Condition - An observation about an object.
  lastTransitionTime! Time - When the condition last changed from one status to another.
  message! string - Explanation for people.
  observedGeneration long - The metadata.generation that the status is about.
  reason! string - Short machine word for why.
  status! string - True, False or Unknown.
  type! string - What it is about.
DeleteOptions - How an object is deleted.
  apiVersion string - Group and version of the object.
  dryRun [string] - All, to see what would happen.
  gracePeriodSeconds long - How long it has to end; 0 for at once.
  ignoreStoreReadErrorWithClusterBreakingPotential bool - Whether it is removed even if it cannot be read.
  kind string - Kind of the object.
  orphanDependents bool - Not used any more.
  preconditions Preconditions - What must hold, or it stays.
  propagationPolicy string - What becomes of what belongs to it: Foreground, Background or Orphan.
FieldSelectorRequirement - A condition on a field.
  key! string - Key that is meant.
  operator! string - How key and values are compared.
  values [string] - Values to compare with.
LabelSelector atomic - Objects that are meant, by their labels; all conditions must be met.
  matchExpressions [LabelSelectorRequirement] - Conditions on labels.
  matchLabels {string} - Labels with exactly these values.
LabelSelectorRequirement - A condition on a label.
  key! string - Key of the label.
  operator! string - In, NotIn, Exists or DoesNotExist.
  values [string] - Values to compare with.
ManagedFieldsEntry - Fields that somebody has set.
  apiVersion string - Version of the object that the fields are of.
  fieldsType string - FieldsV1
  fieldsV1 any - The fields.
  manager string - Who has set them.
  operation string - Apply or Update.
  subresource string - Subresource they were set through.
  time Time - When.
ObjectMeta - Data that every object has.
  annotations {string} - Notes by key, for programs; cannot be selected by.
  creationTimestamp Time - When it was created.
  deletionGracePeriodSeconds long - How long it has to end.
  deletionTimestamp Time - When it was told to go, or will be gone.
  finalizers [string] set merge - Who must clean up before it can go.
  generateName string - Beginning of a name that the server completes.
  generation long - Counts the changes of what is wanted.
  labels {string} - Marks by key, to select by.
  managedFields [ManagedFieldsEntry] - Who has set which field.
  name string - Its name, unique for its type within its namespace.
  namespace string - Room it is in.
  ownerReferences [OwnerReference] @uid merge=uid - Objects it belongs to; it goes when they all are gone.
  resourceVersion string - State of the object, to notice changes by.
  selfLink string - Not set any more.
  uid string - Identifies it for all time.
OwnerReference atomic - An object that another belongs to.
  apiVersion! string - Group and version of the object.
  blockOwnerDeletion bool - Whether the owner waits for it to go.
  controller bool - Whether the owner is its controller.
  kind! string - Kind of the object.
  name! string - Name of it.
  uid! string - UID of the object.
Preconditions - What must hold before an object is deleted.
  resourceVersion string - State that it must be in.
  uid string - UID that it must have.
ShardInfo - Which part of a list it is.
  selector! string - Objects of the part.
`,
  'io.k8s.api.events.v1': `
Event kind - Something that happened to an object.
  action string - What was done.
  deprecatedCount int - How often it happened, in the older form.
  deprecatedFirstTimestamp Time - When it was first seen, in the older form.
  deprecatedLastTimestamp Time - When it was last seen, in the older form.
  deprecatedSource EventSource - Who reports it, in the older form.
  eventTime! MicroTime - When it was first seen.
  note string - What happened, in words.
  reason string - Short machine word for why.
  regarding ObjectReference - What it happened to.
  related ObjectReference - A second object that had to do with it.
  reportingController string - Controller that reports it.
  reportingInstance string - Which instance of the controller.
  series EventSeries - How often it happened, where it goes on.
  type string - Normal or Warning.
EventSeries - An event that goes on.
  count! int - How often it happened.
  lastObservedTime! MicroTime - When it was last seen.
`,
  'io.k8s.api.coordination.v1': `
Lease kind - Something that one holder has at a time.
  spec LeaseSpec - What is wanted.
LeaseSpec - Who has it, and until when.
  acquireTime MicroTime - When the holder got it.
  holderIdentity string - Who has it.
  leaseDurationSeconds int - How long others wait after the last renewal.
  leaseTransitions int - How often it changed hands.
  preferredHolder string - Who should get it next.
  renewTime MicroTime - When the holder last renewed it.
  strategy string - How a holder is chosen.
`,
  'io.k8s.api.scheduling.v1': `
PriorityClass kind - A priority of pods to choose.
  description string - What it is for, in words.
  globalDefault bool - Whether pods without a class get it.
  preemptionPolicy "Never|PreemptLowerPriority" - Whether its pods may displace others.
  value int - The priority; more is more important.
`,
  'io.k8s.api.admissionregistration.v1': `
ApplyConfiguration - A change by way of apply.
  expression string - Expression in CEL.
AuditAnnotation - A note for the audit log.
  key! string - Key that is meant.
  valueExpression! string - Expression that makes it.
ExpressionWarning - Something odd in an expression.
  fieldRef! string - Field with the expression.
  warning! string - What is odd.
JSONPatch - A change by way of a JSON patch.
  expression string - Expression in CEL.
MatchCondition - A condition for being asked.
  expression! string - Expression in CEL.
  name! string - Name of it.
MatchResources atomic - Requests that are meant.
  excludeResourceRules [NamedRuleWithOperations] - Not these.
  matchPolicy "Equivalent|Exact" - Exact, or Equivalent for other versions too.
  namespaceSelector LabelSelector - Namespaces that are meant, by their labels.
  objectSelector LabelSelector - Objects, by their labels.
  resourceRules [NamedRuleWithOperations] - These types and operations.
MutatingAdmissionPolicy kind - Changes objects on their way in, by expressions.
  spec MutatingAdmissionPolicySpec - What is wanted.
MutatingAdmissionPolicyBinding kind - Puts such a policy in force.
  spec MutatingAdmissionPolicyBindingSpec - What is wanted.
MutatingAdmissionPolicyBindingSpec - Which policy, and where.
  matchResources MatchResources - Requests it is for.
  paramRef ParamRef - Object with its parameters.
  policyName string - Name of the policy.
MutatingAdmissionPolicySpec - What is changed.
  failurePolicy "Fail|Ignore" - What an error means: Fail or Ignore.
  matchConditions [MatchCondition] @name merge=name - Further conditions; all must be met.
  matchConstraints MatchResources - Requests it is for.
  mutations [Mutation] - The changes.
  paramKind ParamKind - Kind of the objects with its parameters.
  reinvocationPolicy "IfNeeded|Never" - Whether it is asked again after others.
  variables [Variable] - Expressions to use in others.
MutatingWebhook - A webhook that may change objects.
  admissionReviewVersions! [string] - Versions of the review it understands.
  clientConfig! WebhookClientConfig - How it is called.
  failurePolicy "Fail|Ignore" - What an error means: Fail or Ignore.
  matchConditions [MatchCondition] @name merge=name - Further conditions; all must be met.
  matchPolicy "Equivalent|Exact" - Exact, or Equivalent for other versions too.
  name! string - Name of it.
  namespaceSelector LabelSelector - Namespaces that are meant, by their labels.
  objectSelector LabelSelector - Objects, by their labels.
  reinvocationPolicy "IfNeeded|Never" - Whether it is asked again after others.
  rules [RuleWithOperations] - Types and operations it is for.
  sideEffects! "None|NoneOnDryRun|Some|Unknown" - Whether it does anything else: None or NoneOnDryRun.
  timeoutSeconds int - How long an answer may take.
MutatingWebhookConfiguration kind - Webhooks that change objects on their way in.
  webhooks [MutatingWebhook] @name merge=name - The webhooks.
Mutation - A change: one of the two.
  applyConfiguration ApplyConfiguration - By way of apply.
  jsonPatch JSONPatch - By way of a JSON patch.
  patchType! "ApplyConfiguration|JSONPatch" - ApplyConfiguration or JSONPatch.
NamedRuleWithOperations atomic - Types and operations, or single objects.
  apiGroups [string] - API groups that are meant; "" is the core group, * is all.
  apiVersions [string] - API versions; * is all.
  operations ["*|CONNECT|CREATE|DELETE|UPDATE"] - CREATE, UPDATE, DELETE, CONNECT; * is all.
  resourceNames [string] - Names of objects the rule is limited to; all where empty.
  resources [string] - Resources that are meant.
  scope "*|Cluster|Namespaced" - Whether namespaced or cluster-scoped objects are meant.
ParamKind atomic - Kind of the objects with parameters.
  apiVersion string - Group and version of the object.
  kind string - Kind of the object.
ParamRef atomic - Objects with parameters.
  name string - Name of it.
  namespace string - Namespace of it.
  parameterNotFoundAction string - What it means if there are none: Allow or Deny.
  selector LabelSelector - Which pods it is about, by their labels.
RuleWithOperations - Types and operations.
  apiGroups [string] - API groups that are meant; "" is the core group, * is all.
  apiVersions [string] - API versions; * is all.
  operations ["*|CONNECT|CREATE|DELETE|UPDATE"] - CREATE, UPDATE, DELETE, CONNECT; * is all.
  resources [string] - Resources that are meant.
  scope "*|Cluster|Namespaced" - Whether namespaced or cluster-scoped objects are meant.
ServiceReference - A service.
  name! string - Name of it.
  namespace! string - Namespace of it.
  path string - Path of the request.
  port int - Its port.
TypeChecking - What was odd in the expressions.
  expressionWarnings [ExpressionWarning] - What was odd, one by one.
ValidatingAdmissionPolicy kind - Refuses objects on their way in, by expressions.
  spec ValidatingAdmissionPolicySpec - What is wanted.
  status ValidatingAdmissionPolicyStatus - What is found, written by the system.
ValidatingAdmissionPolicyBinding kind - Puts such a policy in force.
  spec! ValidatingAdmissionPolicyBindingSpec - What is wanted.
ValidatingAdmissionPolicyBindingSpec - Which policy, and where.
  matchResources MatchResources - Requests it is for.
  paramRef ParamRef - Object with its parameters.
  policyName! string - Name of the policy.
  validationActions! ["Audit|Deny|Warn"] set - What a failure means: Deny, Warn, Audit.
ValidatingAdmissionPolicySpec - What is refused.
  auditAnnotations [AuditAnnotation] - Notes for the audit log.
  failurePolicy "Fail|Ignore" - What an error means: Fail or Ignore.
  matchConditions [MatchCondition] @name merge=name - Further conditions; all must be met.
  matchConstraints MatchResources - Requests it is for.
  paramKind ParamKind - Kind of the objects with its parameters.
  validations [Validation] - What must hold.
  variables [Variable] @name merge=name - Expressions to use in others.
ValidatingAdmissionPolicyStatus - What the server made of it.
  conditions [Condition] @type - Observations about its state, each with a type of its own.
  observedGeneration long - The metadata.generation that the status is about.
  typeChecking TypeChecking - What was odd in the expressions.
ValidatingWebhook - A webhook that may refuse objects.
  admissionReviewVersions! [string] - Versions of the review it understands.
  clientConfig! WebhookClientConfig - How it is called.
  failurePolicy "Fail|Ignore" - What an error means: Fail or Ignore.
  matchConditions [MatchCondition] @name merge=name - Further conditions; all must be met.
  matchPolicy "Equivalent|Exact" - Exact, or Equivalent for other versions too.
  name! string - Name of it.
  namespaceSelector LabelSelector - Namespaces that are meant, by their labels.
  objectSelector LabelSelector - Objects, by their labels.
  rules [RuleWithOperations] - Types and operations it is for.
  sideEffects! "None|NoneOnDryRun|Some|Unknown" - Whether it does anything else: None or NoneOnDryRun.
  timeoutSeconds int - How long an answer may take.
ValidatingWebhookConfiguration kind - Webhooks that refuse objects on their way in.
  webhooks [ValidatingWebhook] @name merge=name - The webhooks.
Validation - Something that must hold.
  expression! string - Expression in CEL.
  message string - Explanation for people.
  messageExpression string - Expression that makes the message.
  reason string - Short machine word for why.
Variable atomic - An expression to use in others.
  expression! string - Expression in CEL.
  name! string - Name of it.
WebhookClientConfig - How a webhook is called: one of the two.
  caBundle bytes - Certificates that it is checked with.
  service ServiceReference - The service.
  url string - Its address.
`,
  'io.k8s.api.flowcontrol.v1': `
ExemptPriorityLevelConfiguration - A level whose requests never wait.
  lendablePercent int - How much of its share it lends.
  nominalConcurrencyShares int - Its share of the requests handled at once.
FlowDistinguisherMethod - How requests are told apart.
  type! string - ByUser or ByNamespace.
FlowSchema kind - Which requests belong to which priority level.
  spec FlowSchemaSpec - What is wanted.
  status FlowSchemaStatus - What is found, written by the system.
FlowSchemaCondition - An observation about a flow schema.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status string - What is found, written by the system.
  type string - Which kind of it this is.
FlowSchemaSpec - Which requests, and which level.
  distinguisherMethod FlowDistinguisherMethod - How its requests are told apart as flows.
  matchingPrecedence int - Place in the order in which schemas are tried.
  priorityLevelConfiguration! PriorityLevelConfigurationReference - The level.
  rules [PolicyRulesWithSubjects] - The requests.
FlowSchemaStatus - How the schema is doing.
  conditions [FlowSchemaCondition] @type merge=type - Observations about its state, each with a type of its own.
GroupSubject - A group of users.
  name! string - Name of it.
LimitResponse - What happens to requests beyond the share.
  queuing QueuingConfiguration - How they wait.
  type! string - Queue or Reject.
LimitedPriorityLevelConfiguration - A level with a share of the requests handled at once.
  borrowingLimitPercent int - How much it may borrow.
  lendablePercent int - How much of its share it lends.
  limitResponse LimitResponse - What happens to requests beyond it.
  nominalConcurrencyShares int - Its share.
NonResourcePolicyRule - Requests for paths.
  nonResourceURLs! [string] set - Paths of the server that are no objects, such as /healthz; * at the end stands for the rest.
  verbs! [string] set - What may be done: get, list, create and so on.
PolicyRulesWithSubjects - Requests of somebody.
  nonResourceRules [NonResourcePolicyRule] - For these paths.
  resourceRules [ResourcePolicyRule] - For these objects.
  subjects! [Subject] - Of these users.
PriorityLevelConfiguration kind - How requests of a priority are handled.
  spec PriorityLevelConfigurationSpec - What is wanted.
  status PriorityLevelConfigurationStatus - What is found, written by the system.
PriorityLevelConfigurationCondition - An observation about a priority level.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status string - What is found, written by the system.
  type string - Which kind of it this is.
PriorityLevelConfigurationReference - A priority level.
  name! string - Name of it.
PriorityLevelConfigurationSpec - How its requests are handled.
  exempt ExemptPriorityLevelConfiguration - Settings of Exempt.
  limited LimitedPriorityLevelConfiguration - Settings of Limited.
  type! string - Limited or Exempt.
PriorityLevelConfigurationStatus - How the level is doing.
  conditions [PriorityLevelConfigurationCondition] @type merge=type - Observations about its state, each with a type of its own.
QueuingConfiguration - How requests wait.
  handSize int - Queues a flow is spread over.
  queueLengthLimit int - Most requests in a queue.
  queues int - Number of queues.
ResourcePolicyRule - Requests for objects.
  apiGroups! [string] set - API groups that are meant; "" is the core group, * is all.
  clusterScope bool - Whether cluster-scoped objects are meant too.
  namespaces [string] set - Namespaces; * is all.
  resources! [string] set - Resources that are meant.
  verbs! [string] set - What may be done: get, list, create and so on.
ServiceAccountSubject - A service account.
  name! string - Name of it.
  namespace! string - Namespace of it.
Subject - Users that are meant: one of the three.
  group GroupSubject - API group that is meant.
  kind! string - User, Group or ServiceAccount.
  serviceAccount ServiceAccountSubject - A service account.
  user UserSubject - User that is meant.
UserSubject - A user.
  name! string - Name of it.
`,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1': `
CustomResourceColumnDefinition - A column of a table.
  description string - What it is for, in words.
  format string - Format of the value.
  jsonPath! string - Where the value stands in the object.
  name! string - Heading of the column.
  priority int - 0 for always, more for wide output only.
  type! string - integer, number, string, boolean or date.
CustomResourceConversion - How objects are turned from one version into another.
  strategy! string - None, or Webhook.
  webhook WebhookConversion - The webhook.
CustomResourceDefinition kind - A type of one's own.
  spec! CustomResourceDefinitionSpec - What is wanted.
  status CustomResourceDefinitionStatus - What is found, written by the system.
CustomResourceDefinitionCondition - An observation about a definition.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  observedGeneration long - The metadata.generation that the status is about.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
CustomResourceDefinitionNames - What the type is called.
  categories [string] - Groups of types it belongs to, such as all.
  kind! string - Its kind, in capitals: CronTab.
  listKind string - Kind of its lists.
  plural! string - Its name in paths: crontabs.
  shortNames [string] - Short names.
  singular string - Its name in the singular.
CustomResourceDefinitionSpec - What the type is.
  conversion CustomResourceConversion - How objects are turned from one version into another.
  group! string - Its API group.
  names! CustomResourceDefinitionNames - What it is called.
  preserveUnknownFields bool - Must be false nowadays.
  scope! string - Namespaced or Cluster.
  versions! [CustomResourceDefinitionVersion] - Its versions.
CustomResourceDefinitionStatus - What the server made of it.
  acceptedNames CustomResourceDefinitionNames - Names that are served.
  conditions [CustomResourceDefinitionCondition] @type - Observations about its state, each with a type of its own.
  observedGeneration long - The metadata.generation that the status is about.
  storedVersions [string] - Versions that objects may be stored in.
CustomResourceDefinitionVersion - A version of the type.
  additionalPrinterColumns [CustomResourceColumnDefinition] - Columns of its table.
  deprecated bool - Whether users are warned.
  deprecationWarning string - With which words.
  name! string - Name of the version: v1.
  schema CustomResourceValidation - What objects look like.
  selectableFields [SelectableField] - Fields that can be selected by.
  served! bool - Whether it is served.
  storage! bool - Whether objects are stored in it; one version is.
  subresources CustomResourceSubresources - Its subresources.
CustomResourceSubresourceScale - The scale subresource.
  labelSelectorPath string - Field with the selector of its pods.
  specReplicasPath! string - Field with the number wanted.
  statusReplicasPath! string - Field with the number there is.
CustomResourceSubresourceStatus - The status subresource.
CustomResourceSubresources - Subresources of a version.
  scale CustomResourceSubresourceScale - How the scale subresource finds its fields.
  status CustomResourceSubresourceStatus - Status is written apart from the rest.
CustomResourceValidation - What objects look like.
  openAPIV3Schema JSONSchemaProps - The schema.
ExternalDocumentation - Documentation elsewhere.
  description string - What it is for, in words.
  url string - Where.
JSONSchemaProps - A JSON schema.
  $ref string - Not allowed here.
  $schema string - Not allowed here.
  additionalItems any - Not allowed here.
  additionalProperties any - Schema of the values of a map, or whether any are allowed.
  allOf [JSONSchemaProps] - All of these must fit.
  anyOf [JSONSchemaProps] - One of these must fit.
  default any - Value where nothing is said.
  definitions {JSONSchemaProps} - Not allowed here.
  dependencies {any} - Not allowed here.
  description string - What it is, in words.
  enum [any] - The values there are.
  example any - An example.
  exclusiveMaximum bool - Whether the maximum itself is too much.
  exclusiveMinimum bool - Whether the minimum itself is too little.
  externalDocs ExternalDocumentation - Documentation elsewhere.
  format string - Closer kind of a text or number: date-time, int32 and so on.
  id string - Not allowed here.
  items any - Schema of the items of a list.
  maxItems long - Most items.
  maxLength long - Most characters.
  maxProperties long - Most entries.
  maximum double - Largest number.
  minItems long - Fewest items.
  minLength long - Fewest characters.
  minProperties long - Fewest entries.
  minimum double - Smallest number.
  multipleOf double - Number that it is a multiple of.
  not JSONSchemaProps - This must not fit.
  nullable bool - Whether it may be null.
  oneOf [JSONSchemaProps] - Exactly one of these must fit.
  pattern string - Expression that a text must match.
  patternProperties {JSONSchemaProps} - Not allowed here.
  properties {JSONSchemaProps} - Schemas of the fields.
  required [string] - Fields that must be there.
  title string - Short name of it.
  type string - object, array, string, integer, number or boolean.
  uniqueItems bool - Not allowed here.
  x-kubernetes-embedded-resource bool - Whether it is an object with apiVersion, kind and metadata.
  x-kubernetes-int-or-string bool - Whether it is a number or a text.
  x-kubernetes-list-map-keys [string] - Fields that tell the items of a list apart.
  x-kubernetes-list-type string - atomic, set or map.
  x-kubernetes-map-type string - atomic or granular.
  x-kubernetes-preserve-unknown-fields bool - Whether fields without a schema are kept.
  x-kubernetes-validations [ValidationRule] @rule merge=rule - Rules in CEL.
SelectableField - A field that can be selected by.
  jsonPath! string - Where it stands in the object.
ServiceReference - A service.
  name! string - Name of it.
  namespace! string - Namespace of it.
  path string - Path of the request.
  port int - Its port.
ValidationRule - A rule in CEL.
  fieldPath string - Field that the failure is about.
  message string - Explanation for people.
  messageExpression string - Expression that makes the message.
  optionalOldSelf bool - Whether it is asked for new objects too.
  reason "FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired" - Short machine word for why.
  rule! string - The expression.
WebhookClientConfig - How a webhook is called.
  caBundle bytes - Certificates that it is checked with.
  service ServiceReference - The service.
  url string - Its address.
WebhookConversion - A webhook that converts.
  clientConfig WebhookClientConfig - How it is called.
  conversionReviewVersions! [string] - Versions of the review it understands.
`,
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1': `
APIService kind - Who answers for a group version.
  spec APIServiceSpec - What is wanted.
  status APIServiceStatus - What is found, written by the system.
APIServiceCondition - An observation about it.
  lastTransitionTime Time - When the condition last changed from one status to another.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - What is found, written by the system.
  type! string - Which kind of it this is.
APIServiceSpec - The group version, and who answers.
  caBundle bytes - Certificates that the service is checked with.
  group string - API group that is meant.
  groupPriorityMinimum! int - Place of the group among all.
  insecureSkipTLSVerify bool - Whether it is not checked.
  service ServiceReference - The service; this server itself where nothing is said.
  version string - API version that is meant.
  versionPriority! int - Place of the version in its group.
APIServiceStatus - How it is doing.
  conditions [APIServiceCondition] @type merge=type - Observations about its state, each with a type of its own.
ServiceReference - A service.
  name string - Name of it.
  namespace string - Namespace of it.
  port int - Its port.
`,
};
