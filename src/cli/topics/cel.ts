// kapi help cel.

import type { Topic } from './topic.ts';

export const cel: Topic = {
  summary: 'conditions on objects: --where, and the goal cel=',
  text: `--where EXPRESSION shows only the objects that meet a condition. The language is CEL, which Kubernetes uses in rules of
custom resources and in admission policies. The fields of the object are variables (metadata, spec, status, data, ...);
self and object are the whole object. The result must be true or false.

  kapi list pods -A --where 'spec.containers.exists(c, !has(c.resources.limits))'
  kapi list deploy -A --where 'spec.replicas != status.?readyReplicas.orValue(0)'
  kapi list pods --where 'status.containerStatuses.exists(s, s.restartCount > 3)' --expect-count 0
  kapi list pvc --where 'quantity(spec.resources.requests.storage).isGreaterThan(quantity("10Gi"))'
  kapi list pods --where 'timestamp(metadata.creationTimestamp) < now() - duration("24h")'
  kapi watch pods --where 'status.phase != "Running"'
  kapi watch deploy web --until 'cel=status.?readyReplicas.orValue(0) >= spec.replicas' --timeout 5m

Functions and operators
  Operators     == != < <= > >= in + - * / % && || ! ?: and [] for lists and maps
  Fields        has(a.b) tests a field, a.?b.orValue(x) gives a default, a["key"] reads a map
  Lists, maps   all exists exists_one map filter, also with two variables (index or key, value); size sum min
                max sort sortBy distinct first last indexOf isSorted join slice flatten reverse; sets.contains, lists.range
  Text          startsWith endsWith contains matches find findAll split replace substring trim format lowerAscii
  Quantities    quantity("500m") with add sub compareTo isGreaterThan isLessThan asInteger; isQuantity
  Time          timestamp(metadata.creationTimestamp), duration("1h30m"), getHours() and others
  Network       ip, cidr, isIP, containsIP, url with getHost and others
  Others        int double string bool type, semver, format.dns1123Label().validate(x), optional.of

All functions are those of Kubernetes 1.36, see https://kubernetes.io/docs/reference/using-api/cel/. now() is kapi's own.

An object whose field is missing does not match; one note on stderr says how many. An invalid expression, an unknown
function or variable, and an evaluation that fails are errors (exit 2) that show the place. kapi stops an expression that needs more
than a million steps on one object.

kapi evaluates the condition. Terms that && joins can narrow the request: metadata.name == "x" and spec.nodeName == "x" become
a field selector, and metadata.namespace == "x" with -A becomes the namespace in the path.
`,
  seeAlso: ['list', 'watch', 'help selectors', 'help jsonpath'],
};
