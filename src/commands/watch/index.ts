// kapi watch: the spec.

import { kubectlWatchFlags, readFlags } from '../read-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseWatchOptions, type WatchOptions } from './options.ts';

/** Flags of `list` that choose objects or lay them out. */
const shared = new Set([
  'output',
  'all-namespaces',
  'selector',
  'field-selector',
  'show-labels',
  'label-columns',
  'show-kind',
  'no-headers',
  'show-managed-fields',
  'allow-missing-template-keys',
]);

export const watchCommand = defineCommand<WatchOptions>({
  name: 'watch',
  summary: 'follows changes until stopped, whatever the server does',
  description: `Lists objects and then follows their changes, one connection for each type, until it is stopped (Ctrl-C, exit 130) or
told to stop (--until, --for-count, --timeout). The column EVENT says what happened: ADDED, MODIFIED, DELETED.

A connection that closes, breaks or falls silent is replaced and goes on where it was. When the server has forgotten
that moment (410) the list is read again and what changed in the meantime comes out as events, deletions included.
stderr says so. A server that stays away for 5 minutes, or refuses for 30 seconds what it had granted, is lost for
good: exit 6. A watch never ends with 0 unless it was asked to.

On a terminal a live table shows the current state instead: what changed is marked, what was deleted leaves, / filters,
s sorts, Enter shows the YAML of an object, c its curl command, q quits. --no-live, a pipe, and every flag that is about
single events print lines.

Objects may be named before they exist, and a goal is judged over all names: a missing or deleted one is not met. With a
selector it is judged over what matches at the start and what joins later. An object that stops matching is looked up by
its name: EVENT says LEFT when it still exists or that cannot be known, DELETED when it is gone; a goal goes on with it.
A wait that times out says what it saw last of each object.

A named object needs the rights get and watch, everything else list and watch. In -o json, yaml and ndjson an event is {type, object} with the type that the server sent (DELETED for LEFT); -o jsonpath and
custom-columns see the object. --no-events gives kubectl's forms, in which a deletion looks like one more state.`,
  group: 'read',
  arguments: [
    {
      name: 'TYPE[,TYPE...]',
      description: 'resource types or categories, or TYPE/NAME',
      completes: 'target',
    },
    {
      name: 'NAME',
      description: 'only these objects of the type, whether they exist yet or not',
      optional: true,
      variadic: true,
      completes: 'name',
    },
  ],
  flags: [
    ...readFlags.filter(({ name }) => shared.has(name)),
    { name: 'watch-only', description: 'changes only, without the objects that are there at the start' },
    { name: 'no-events', description: "no EVENT column and no {type, object}: kubectl's output" },
    { name: 'no-live', description: 'lines of events on a terminal too, instead of the live table' },
    { name: 'timestamps', description: 'say when each event came, in UTC' },
    {
      name: 'diff',
      description:
        "the fields that changed, below each row: 'status.phase: Pending -> Running'; keeps every object watched in memory",
    },
    {
      name: 'until',
      value: 'GOAL',
      repeated: 'all',
      description:
        "end with 0 when every object watched has come so far: condition=TYPE[=STATUS], 'jsonpath={.path}=VALUE', 'jsonpath={.path}', create, delete, rollout; several have to hold at one version of an object",
      completes: 'goal',
    },
    {
      name: 'until-any',
      value: 'GOAL',
      repeated: 'all',
      description: 'end with 0 when every object watched has reached one of these goals',
      completes: 'goal',
    },
    {
      name: 'fail-on',
      value: 'GOAL',
      repeated: 'all',
      description:
        'end with 1 at once, and say why, when an object reaches this goal; it is judged before --until',
      completes: 'goal',
    },
    {
      name: 'for',
      value: 'GOAL',
      repeated: 'all',
      description: 'several --for of kubectl wait: one goal after the other, object after object',
      completes: 'goal',
      hidden: true,
    },
    { name: 'for-count', value: 'N', description: 'end with 0 after N events', completes: 'nothing' },
    {
      name: 'timeout',
      value: 'DURATION',
      description:
        'end after this time (30s, 5m): with 1 when --until or --for-count was not reached, with 6 when the server had not answered the list yet, else with 0; 0 looks once',
      completes: 'nothing',
    },
    // What they ask for is what happens anyway.
    ...kubectlWatchFlags,
  ],
  examples: [
    { text: 'The pods of a namespace', command: 'kapi watch pods -n default', endless: true },
    {
      text: 'Two types in one output, with times',
      command: 'kapi watch deploy,rs -n default --timestamps',
      endless: true,
    },
    { text: 'Which fields change', command: 'kapi watch pod web --diff', endless: true },
    {
      text: 'In CI: wait until a pod that may not exist yet is ready',
      command: 'kapi watch pod web --until condition=Ready --timeout 60s',
    },
    {
      text: 'A pod that runs or has ended, but not one that failed',
      command:
        "kapi watch pod web --until-any 'jsonpath={.status.phase}=Running' --until-any 'jsonpath={.status.phase}=Succeeded' --fail-on 'jsonpath={.status.phase}=Failed' --timeout 5m",
    },
    {
      text: 'Until all pods of an application run',
      command: "kapi watch pods -l app=web --until 'jsonpath={.status.phase}=Running' --timeout 5m",
    },
    {
      text: 'A time limit that was not kept ends with 1',
      command: "kapi watch pod web --until 'jsonpath={.status.phase}=Failed' --timeout 1s",
      exitCode: 1,
    },
    {
      text: 'Every deletion in the cluster, as JSON lines',
      command: `kapi watch pods -A -o ndjson | jq -c --unbuffered 'select(.type == "DELETED") | .object.metadata'`,
      endless: true,
    },
  ],
  seeAlso: ['list', 'help selectors', 'help exit-codes'],
  parse: parseWatchOptions,
  load: async () => (await import('./run.ts')).runWatch,
});
