// kapi history: the spec.

import { readFlags } from '../read-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseHistoryOptions, type HistoryOptions } from './options.ts';

/** Flags of `list` that select or format objects. */
const shared = new Set([
  'output',
  'all-namespaces',
  'selector',
  'field-selector',
  'no-headers',
  'show-managed-fields',
]);

export const historyCommand = defineCommand<HistoryOptions>({
  name: 'history',
  summary: 'changes of the past that the API server remembers',
  description: `Shows creations, changes and deletions of the past. kube-apiserver keeps the last events of each type in memory; this command
replays them. For one object, and with --diff, CHANGE shows the fields that changed. BY is the field manager, where the object says who made this
very change. Times are in UTC. A deletion has no time of its own: TIME is then a range between two changes whose times are known.

stderr says how far back the server remembers: a hundred events of a quiet type, more than a minute of a busy one,
nothing from before its start. Where several API servers answer at one address, each remembers something else.
With a selector, ADDED and DELETED also mean that an object began or ceased to match.

--at prints the objects as they were at a resource version, or so long ago, deleted ones included: one named object
as JSON, else rows. It is made of the remembered changes, so that it works when kapi get --at is refused because the store was compacted.

In -o json, yaml and ndjson each change is a document {type, time, manager, changes, object}; a range is notBefore and
notAfter. Of Secrets only the keys and the lengths of the values are shown.
The right watch is enough. With list the end is found sooner, and the first differences are known.`,
  group: 'read',
  arguments: [
    { name: 'TYPE[,TYPE...]', description: 'resource types, or TYPE/NAME', completes: 'target' },
    {
      name: 'NAME',
      description: 'only these objects of the type, whether they still exist or not',
      optional: true,
      variadic: true,
      completes: 'name',
    },
  ],
  flags: [
    ...readFlags.filter(({ name }) => shared.has(name)),
    {
      name: 'since',
      value: 'DURATION',
      description:
        'only what happened in this time: 10m, 1h30m; what may have happened before it is left out',
      completes: 'nothing',
    },
    { name: 'diff', description: 'print the changed fields; the default for one object' },
    {
      name: 'at',
      value: 'VERSION|DURATION',
      description:
        'show the objects at a resourceVersion, or a time ago; such as 2m, instead of their changes',
      completes: 'nothing',
    },
  ],
  examples: [
    { text: 'What happened to a ConfigMap', command: 'kapi history cm settings -n default' },
    {
      text: 'All pods of a namespace in the last ten minutes',
      command: 'kapi history pods -n default --since 10m',
    },
    { text: 'Who changed what, everywhere', command: 'kapi history deploy -A --diff' },
    {
      text: 'Every state of an object, one a line',
      command: "kapi history cm settings -n default -o ndjson | jq -c '{type, manager, data: .object.data}'",
    },
    { text: 'Resource versions, for --at', command: 'kapi history cm settings -n default -o wide' },
  ],
  seeAlso: ['watch', 'get', 'help exit-codes'],
  parse: parseHistoryOptions,
  load: async () => (await import('./run.ts')).runHistory,
});
