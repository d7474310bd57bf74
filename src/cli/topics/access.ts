// kapi help access.

import type { Topic } from './topic.ts';

export const access: Topic = {
  summary: 'what you may do, why not, and the role to ask for',
  text: `kapi can-i VERB TYPE asks the server whether it would let you: yes and 0, or no and 1.

  kapi can-i list pods -n dev               one right
  kapi can-i create pods/exec               a subresource, where the server has one of that name
  kapi can-i get pods exec                  an object of that name
  kapi can-i get /metrics                   a path
  kapi can-i get /api/v1/nodes              asked as list nodes: what the server checks for it
  kapi can-i get,list pods,deploy -A        a table
  kapi can-i --list                         everything in the namespace
  kapi can-i delete pods --why              the server's reason, and the bindings that grant it
  kapi can-i -f rights.txt                  many questions, for CI

A file of questions has one a line, or is a JSON or YAML list; ! expects a no:

  # what the deployer needs, and what it must not have
  patch deployments -n web
  create pods/eviction -n web
  ! get secrets -A

In a file a type or verb that does not exist is exit 2; on the command line it is a warning,
unless --strict is given. The server checks create and deletecollection without a name: kapi
leaves the name out and says so, and with --strict it is exit 2. An answer that depends on the
content of the request (conditional authorization) counts as no.

--suggest-rbac works with every command: where the server refuses for want of a right, the
least Role or ClusterRole with its binding is printed as YAML on stdout, the error on stderr.
An administrator applies it, and the same command passes:

  kapi list secrets --suggest-rbac | kubectl --context admin apply -f -

Where kapi differs from kubectl auth can-i on purpose: pods/exec is the subresource; types
without namespaces are asked about in the whole cluster; --list shows each line once; a
question that could not be asked has an exit code of its own.
`,
  seeAlso: ['can-i', 'whoami'],
};
