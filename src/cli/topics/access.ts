// kapi help access.

import type { Topic } from './topic.ts';

export const access: Topic = {
  summary: 'what you may do, and the role that you need',
  text: `kapi can-i VERB TYPE asks the server whether you may do something. It prints yes and exits 0, or no and 1.

  kapi can-i list pods -n dev               one right
  kapi can-i create pods/exec               a subresource, if the server has one with this name
  kapi can-i get pods exec                  an object with this name
  kapi can-i get /metrics                   a path
  kapi can-i get /api/v1/nodes              checked as list nodes, as the server does
  kapi can-i get,list pods,deploy -A        a table
  kapi can-i --list                         all your rights in the namespace
  kapi can-i list pods -l app=web           only objects that a selector selects
  kapi can-i delete pods --why              the server's reason, and the bindings that grant it
  kapi can-i -f rights.txt                  many questions, for CI
  kapi who-can get secrets -n dev           the subjects that roles and bindings grant it to

A file has one question on each line, or is a JSON or YAML list. ! expects the answer no:

  # what the deployer needs, and what it must not have
  patch deployments -n web
  create pods/eviction -n web
  ! get secrets -A

In a file, a type or verb that does not exist is an error (exit 2). On the command line it is a
warning unless you give --strict. The server checks create and deletecollection without a name:
kapi omits the name and says so, or exits 2 with --strict. An answer that depends on the
content of the request (conditional authorization) counts as no.

--suggest-rbac works with every command. If the server denies a right, kapi prints the minimal
Role or ClusterRole and its binding as YAML on stdout, and the error on stderr. After an
administrator applies them, the same command succeeds:

  kapi list secrets --suggest-rbac | kubectl --context admin apply -f -

Different from kubectl auth can-i: pods/exec is the subresource; kapi checks cluster-scoped types
in the whole cluster; --list shows each line once; if kapi cannot ask, the exit code is not 1.
`,
  seeAlso: ['can-i', 'who-can', 'whoami'],
};
