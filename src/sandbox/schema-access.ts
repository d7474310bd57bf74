// The fields of the built-in types of rbac, authentication, authorization and certificates. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const accessSchemas: Readonly<Record<string, string>> = {
  'io.k8s.api.rbac.v1': `
AggregationRule
  clusterRoleSelectors [LabelSelector]
ClusterRole kind
  aggregationRule AggregationRule
  rules [PolicyRule]
ClusterRoleBinding kind
  roleRef! RoleRef
  subjects [Subject]
PolicyRule
  apiGroups [string]
  nonResourceURLs [string]
  resourceNames [string]
  resources [string]
  verbs! [string]
Role kind
  rules [PolicyRule]
RoleBinding kind
  roleRef! RoleRef
  subjects [Subject]
RoleRef atomic
  apiGroup string
  kind! string
  name! string
Subject atomic
  apiGroup string
  kind! string
  name! string
  namespace string
`,
  'io.k8s.api.authentication.v1': `
BoundObjectReference
  apiVersion string
  kind string
  name string
  uid string
SelfSubjectReview kind
  status SelfSubjectReviewStatus
SelfSubjectReviewStatus
  userInfo UserInfo
TokenRequest kind
  spec TokenRequestSpec
  status TokenRequestStatus
TokenRequestSpec
  audiences [string]
  boundObjectRef BoundObjectReference
  expirationSeconds long
TokenRequestStatus
  expirationTimestamp Time
  token string
TokenReview kind
  spec! TokenReviewSpec
  status TokenReviewStatus
TokenReviewSpec
  audiences [string]
  token! string
TokenReviewStatus
  audiences [string]
  authenticated bool
  error string
  user UserInfo
UserInfo
  extra {[string]}
  groups [string]
  uid string
  username string
`,
  'io.k8s.api.authorization.v1': `
FieldSelectorAttributes
  rawSelector string
  requirements [FieldSelectorRequirement]
LabelSelectorAttributes
  rawSelector string
  requirements [LabelSelectorRequirement]
LocalSubjectAccessReview kind
  spec! SubjectAccessReviewSpec
  status SubjectAccessReviewStatus
NonResourceAttributes
  path string
  verb string
NonResourceRule
  nonResourceURLs [string]
  verbs! [string]
ResourceAttributes
  fieldSelector FieldSelectorAttributes
  group string
  labelSelector LabelSelectorAttributes
  name string
  namespace string
  resource string
  subresource string
  verb string
  version string
ResourceRule
  apiGroups [string]
  resourceNames [string]
  resources [string]
  verbs! [string]
SelfSubjectAccessReview kind
  spec! SelfSubjectAccessReviewSpec
  status SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec
  nonResourceAttributes NonResourceAttributes
  resourceAttributes ResourceAttributes
SelfSubjectRulesReview kind
  spec! SelfSubjectRulesReviewSpec
  status SubjectRulesReviewStatus
SelfSubjectRulesReviewSpec
  namespace string
SubjectAccessReview kind
  spec! SubjectAccessReviewSpec
  status SubjectAccessReviewStatus
SubjectAccessReviewSpec
  extra {[string]}
  groups [string]
  nonResourceAttributes NonResourceAttributes
  resourceAttributes ResourceAttributes
  uid string
  user string
SubjectAccessReviewStatus
  allowed! bool
  denied bool
  evaluationError string
  reason string
SubjectRulesReviewStatus
  evaluationError string
  incomplete! bool
  nonResourceRules! [NonResourceRule]
  resourceRules! [ResourceRule]
`,
  'io.k8s.api.certificates.v1': `
CertificateSigningRequest kind
  spec! CertificateSigningRequestSpec
  status CertificateSigningRequestStatus
CertificateSigningRequestCondition
  lastTransitionTime Time
  lastUpdateTime Time
  message string
  reason string
  status! string
  type! string
CertificateSigningRequestSpec
  expirationSeconds int
  extra {[string]}
  groups [string]
  request! bytes
  signerName! string
  uid string
  usages ["any|cert sign|client auth|code signing|content commitment|crl sign|data encipherment|decipher only|digital signature|email protection|encipher only|ipsec end system|ipsec tunnel|ipsec user|key agreement|key encipherment|microsoft sgc|netscape sgc|ocsp signing|s/mime|server auth|signing|timestamping"]
  username string
CertificateSigningRequestStatus
  certificate bytes
  conditions [CertificateSigningRequestCondition] @type
`,
};
