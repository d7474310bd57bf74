// The fields of the built-in types of rbac, authentication, authorization and certificates. One line for each field, in the notation that
// schema.ts explains and reads; the descriptions are our own.

/** Keyed by the package that OpenAPI names the schemas after. */
export const accessSchemas: Readonly<Record<string, string>> = {
  'io.k8s.api.rbac.v1': `
AggregationRule - Which roles a role gathers its rules from.
  clusterRoleSelectors [LabelSelector] - The roles, by their labels.
ClusterRole kind - Rights for the whole cluster, or to be given in namespaces.
  aggregationRule AggregationRule - Roles it gathers its rules from; its own rules are overwritten.
  rules [PolicyRule] - What may be done.
ClusterRoleBinding kind - Gives a cluster role to users in the whole cluster.
  roleRef! RoleRef - The role; it cannot be changed.
  subjects [Subject] - Who gets it.
PolicyRule - What may be done with what.
  apiGroups [string] - API groups that are meant; "" is the core group, * is all.
  nonResourceURLs [string] - Paths of the server that are no objects, such as /healthz; * at the end stands for the rest.
  resourceNames [string] - Names of objects the rule is limited to; all where empty.
  resources [string] - Types, in the plural, with /subresource where one is meant; * is all.
  verbs! [string] - What may be done: get, list, create and so on.
Role kind - Rights in a namespace.
  rules [PolicyRule] - What may be done.
RoleBinding kind - Gives a role to users in a namespace.
  roleRef! RoleRef - The role or cluster role; it cannot be changed.
  subjects [Subject] - Who gets it.
RoleRef atomic - A role.
  apiGroup string - rbac.authorization.k8s.io
  kind! string - Role or ClusterRole.
  name! string - Name of the role.
Subject atomic - A user, group or service account.
  apiGroup string - API group of it; empty for service accounts.
  kind! string - User, Group or ServiceAccount.
  name! string - Name of it.
  namespace string - Namespace of a service account.
`,
  'io.k8s.api.authentication.v1': `
BoundObjectReference - The object that a token lives and dies with.
  apiVersion string - Group and version of the object.
  kind string - Pod, Secret or Node.
  name string - Name of it.
  uid string - UID of the object.
SelfSubjectReview kind - Asks who one is.
  status SelfSubjectReviewStatus - What is found, written by the system.
SelfSubjectReviewStatus - Who one is.
  userInfo UserInfo - Name, groups and further facts.
TokenRequest kind - Asks for a token of a service account.
  spec TokenRequestSpec - What is wanted.
  status TokenRequestStatus - What is found, written by the system.
TokenRequestSpec - Which token.
  audiences [string] - Whom it is for.
  boundObjectRef BoundObjectReference - Object it lives and dies with.
  expirationSeconds long - How long it shall be valid.
TokenRequestStatus - The token.
  expirationTimestamp Time - Until when it is valid.
  token string - The token itself.
TokenReview kind - Asks whose token it is.
  spec! TokenReviewSpec - What is wanted.
  status TokenReviewStatus - What is found, written by the system.
TokenReviewSpec - The token.
  audiences [string] - Whom it should be for.
  token! string - The token itself.
TokenReviewStatus - Whose token it is.
  audiences [string] - Whom it is for.
  authenticated bool - Whether it is valid.
  error string - Why it could not be checked.
  user UserInfo - Whose it is.
UserInfo - A user.
  extra {[string]} - Further facts about the user.
  groups [string] - Groups the user is in.
  uid string - UID of the user.
  username string - Name of the user.
`,
  'io.k8s.api.authorization.v1': `
FieldSelectorAttributes - A field selector in a question.
  rawSelector string - In text form.
  requirements [FieldSelectorRequirement] - Taken apart.
LabelSelectorAttributes - A label selector in a question.
  rawSelector string - In text form.
  requirements [LabelSelectorRequirement] - Taken apart.
LocalSubjectAccessReview kind - Asks whether somebody may do something in a namespace.
  spec! SubjectAccessReviewSpec - What is wanted.
  status SubjectAccessReviewStatus - What is found, written by the system.
NonResourceAttributes - A path of the server.
  path string - The path.
  verb string - HTTP method in lower case.
NonResourceRule - What may be done with paths.
  nonResourceURLs [string] - Paths of the server that are no objects, such as /healthz; * at the end stands for the rest.
  verbs! [string] - What may be done: get, list, create and so on.
ResourceAttributes - What is to be done with an object.
  fieldSelector FieldSelectorAttributes - Limits a list by fields.
  group string - API group that is meant.
  labelSelector LabelSelectorAttributes - Limits a list by labels.
  name string - Name of the object; empty for all.
  namespace string - Its namespace; empty for all, or for the cluster.
  resource string - Resource that is meant, in the plural.
  subresource string - Subresource that is meant.
  verb string - get, list, create and so on.
  version string - API version that is meant.
ResourceRule - What may be done with objects.
  apiGroups [string] - API groups that are meant; "" is the core group, * is all.
  resourceNames [string] - Names of objects the rule is limited to; all where empty.
  resources [string] - Types, in the plural.
  verbs! [string] - What may be done: get, list, create and so on.
SelfSubjectAccessReview kind - Asks whether one may do something.
  spec! SelfSubjectAccessReviewSpec - What is wanted.
  status SubjectAccessReviewStatus - What is found, written by the system.
SelfSubjectAccessReviewSpec - The question: one of the two.
  nonResourceAttributes NonResourceAttributes - About a path.
  resourceAttributes ResourceAttributes - About an object.
SelfSubjectRulesReview kind - Asks what one may do in a namespace.
  spec! SelfSubjectRulesReviewSpec - What is wanted.
  status SubjectRulesReviewStatus - What is found, written by the system.
SelfSubjectRulesReviewSpec - The question.
  namespace string - Namespace of it.
SubjectAccessReview kind - Asks whether somebody may do something.
  spec! SubjectAccessReviewSpec - What is wanted.
  status SubjectAccessReviewStatus - What is found, written by the system.
SubjectAccessReviewSpec - The question.
  extra {[string]} - Further facts about the user.
  groups [string] - Groups the user is in.
  nonResourceAttributes NonResourceAttributes - About a path.
  resourceAttributes ResourceAttributes - About an object.
  uid string - UID of the user.
  user string - User that is meant.
SubjectAccessReviewStatus - The answer.
  allowed! bool - Whether it may be done.
  denied bool - Whether it is forbidden for good.
  evaluationError string - What went wrong in finding out.
  reason string - Short machine word for why.
SubjectRulesReviewStatus - The answer.
  evaluationError string - What went wrong in finding out.
  incomplete! bool - Whether there may be more.
  nonResourceRules! [NonResourceRule] - Rules for paths.
  resourceRules! [ResourceRule] - Rules for objects.
`,
  'io.k8s.api.certificates.v1': `
CertificateSigningRequest kind - Asks for a certificate.
  spec! CertificateSigningRequestSpec - What is wanted.
  status CertificateSigningRequestStatus - What is found, written by the system.
CertificateSigningRequestCondition - A decision about a request.
  lastTransitionTime Time - When the condition last changed from one status to another.
  lastUpdateTime Time - When the condition was last written.
  message string - Explanation for people.
  reason string - Short machine word for why.
  status! string - True, False or Unknown.
  type! string - Approved, Denied or Failed.
CertificateSigningRequestSpec - Which certificate.
  expirationSeconds int - How long it shall be valid.
  extra {[string]} - Further facts about the user.
  groups [string] - Groups the user is in.
  request! bytes - The request itself, PEM in base64.
  signerName! string - Who shall sign.
  uid string - UID of the user.
  usages ["any|cert sign|client auth|code signing|content commitment|crl sign|data encipherment|decipher only|digital signature|email protection|encipher only|ipsec end system|ipsec tunnel|ipsec user|key agreement|key encipherment|microsoft sgc|netscape sgc|ocsp signing|s/mime|server auth|signing|timestamping"] - What the key is for.
  username string - User that asks.
CertificateSigningRequestStatus - What came of it.
  certificate bytes - The certificate, PEM in base64.
  conditions [CertificateSigningRequestCondition] @type - Decisions about it.
`,
};
