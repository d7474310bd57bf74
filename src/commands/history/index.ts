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
  'where',
  'no-headers',
  'show-managed-fields',
]);

export const historyCommand = defineCommand<HistoryOptions>({
  name: 'history',
  summary: 'changes of the past that the API server remembers',
  description: `Shows past creations, changes and deletions. kube-apiserver keeps the last events of each type in memory; this command replays
them. For one object, and with --diff, CHANGE shows the fields that changed. BY is the field manager, if the object records it for this
change. Times are in UTC. A deletion has no time, so TIME is a range between two changes with known times.

stderr says how far back the server remembers: about a hundred events for a quiet type, more than a minute for a busy one,
and nothing before its start. If several API servers share one address, each remembers different events.
With a selector, ADDED and DELETED also mean that an object starts or stops matching. With --where, kapi shows the changes after
which an object meets the condition. LEFT is the change after which it no longer does. For a deletion, the last state of the
object counts.

--at prints the objects as they were at a resource version, or a duration ago (2m), including deleted ones: one named object as
JSON, otherwise rows. kapi computes them from the remembered changes. This works even after a compaction, when the server refuses
kapi get --at.

With -o json, yaml and ndjson each change is a document {type, time, manager, changes, object}; notBefore and notAfter
replace time for a range. For Secrets, kapi shows only the keys and the lengths of the values.
The only right that you need is watch. If you also have list, kapi knows sooner that the history is complete, and shows what the
first change changed.`,
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
      description: 'only changes of this period: 10m, 1h30m; omits changes that can be older',
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
    {
      text: 'When a Deployment got more than three replicas, and who did it',
      command: "kapi history deploy web -n default --where 'spec.replicas > 3'",
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
