// kapi who-can: the spec.

import { defineCommand } from '../spec.ts';
import { parseWhoCanOptions, type WhoCanOptions } from './options.ts';

export const whoCanCommand = defineCommand<WhoCanOptions>({
  name: 'who-can',
  summary: 'the users, groups and service accounts that may do something',
  description: `Lists the subjects to which roles and bindings grant a right: users, groups and service accounts (NAMESPACE/NAME). NAMESPACE is
the namespace of the right, or * for the whole cluster. The arguments are those of kapi can-i: pods/exec is the subresource, /metrics a path.

kapi reads the RoleBindings of the namespace, the ClusterRoleBindings and their roles. -A reads the RoleBindings of all
namespaces. Without NAME, a right to single named objects does not count; stderr says how many subjects have one.

VERIFIED is the server's answer about the subject (SubjectAccessReview): "no" means that another authorizer denies it, or that a
role has just changed. The column is missing if you may not ask.

Only RBAC publishes who may do what. Rights from a webhook, ABAC or the Node authorizer are not in the list, nor is group
membership: a group has the right, and only the authenticator knows its members. If you may not read some bindings or roles,
kapi prints what it found and exits 4.`,
  group: 'identity',
  isMinor: true,
  arguments: [
    { name: 'VERB', description: 'get, list, create, …', completes: 'verb' },
    {
      name: 'TYPE[/SUBRESOURCE]|/PATH',
      description: 'a type, or a path such as /metrics',
      completes: 'right',
    },
    { name: 'NAME', description: 'this object', optional: true, completes: 'name' },
  ],
  flags: [
    { name: 'all-namespaces', short: 'A', description: 'also the bindings of all namespaces' },
    {
      name: 'subresource',
      value: 'NAME',
      description: 'this subresource; TYPE/NAME then names an object',
      completes: 'subresource',
    },
    { name: 'no-verify', description: 'do not ask the server about each subject' },
    { name: 'no-headers', description: 'print no header line' },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'table, json, yaml, ndjson or name',
      default: 'table',
      choices: ['table', 'json', 'yaml', 'ndjson', 'name'],
    },
  ],
  examples: [
    { text: 'Who can read Secrets in a namespace', command: 'kapi who-can get secrets -n dev' },
    { text: 'Who can run commands in pods, anywhere', command: 'kapi who-can create pods/exec -A' },
    { text: 'Who can read one ConfigMap', command: 'kapi who-can get configmaps settings -n default' },
    { text: 'Who can read the metrics of the server', command: 'kapi who-can get /metrics' },
    {
      text: 'Only the names, for a script',
      command: 'kapi who-can delete nodes -o name --no-verify | sort -u',
    },
  ],
  seeAlso: ['can-i', 'whoami', 'help access'],
  parse: parseWhoCanOptions,
  load: async () => (await import('./run.ts')).runWhoCan,
});
