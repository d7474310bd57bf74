// kapi watch: the spec.

import { kubectlWatchFlags, readFlags } from '../read-flags.ts';
import { contextsFlag } from '../contexts-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseWatchOptions, type WatchOptions } from './options.ts';

/** Names of the flags of `list` that `watch` has, too. */
const shared = new Set([
  'output',
  'all-namespaces',
  'selector',
  'field-selector',
  'where',
  'quiet',
  'show-labels',
  'label-columns',
  'show-kind',
  'no-headers',
  'show-managed-fields',
  'allow-missing-template-keys',
]);

export const watchCommand = defineCommand<WatchOptions>({
  name: 'watch',
  summary: 'follows changes, also when the connection breaks',
  description: `Lists objects and then follows their changes until you stop it (Ctrl-C, exit 130) or a limit that you set is
reached (--until, --for-count, --timeout). The column EVENT is ADDED, MODIFIED, DELETED or LEFT.

On a terminal, a live table shows the current state. In a pipe, with --no-live, or with a flag about single events, kapi prints
one line for each event.

kapi reconnects and resumes when the connection closes, breaks or falls silent, and lists again when the server no longer has
the resourceVersion (410). kapi exits 0 only when a goal or limit that you set is met.`,
  group: 'read',
  arguments: [
    {
      name: 'TYPE[,TYPE...]',
      description: 'resource types or categories, or TYPE/NAME',
      completes: 'target',
    },
    {
      name: 'NAME',
      description: 'objects of the type; they need not exist yet',
      optional: true,
      variadic: true,
      completes: 'name',
    },
  ],
  flags: [
    ...readFlags.filter(({ name }) => shared.has(name)),
    {
      name: 'replay',
      description: 'begin with the past changes that the API server remembers (kapi history), then follow',
    },
    { name: 'watch-only', description: 'print changes only; no events for objects that exist at the start' },
    { name: 'no-events', description: "kubectl's output; no EVENT column, no {type, object}" },
    { name: 'no-live', description: 'print events on a terminal, too; no live table' },
    { name: 'timestamps', description: 'print the time of each event, in UTC' },
    {
      name: 'diff',
      description:
        "print the changed fields; 'status.phase: Pending -> Running'. kapi keeps every watched object in memory",
    },
    {
      name: 'until',
      value: 'GOAL',
      repeated: 'all',
      description:
        "exit 0 when every object meets GOAL; condition=TYPE[=STATUS], 'jsonpath={.path}=VALUE', 'jsonpath={.path}', 'cel=EXPRESSION', create, delete or rollout. Repeated goals must hold on the same version of an object",
      completes: 'goal',
    },
    {
      name: 'until-any',
      value: 'GOAL',
      repeated: 'all',
      description: 'exit 0 when every object meets one of the goals',
      completes: 'goal',
    },
    {
      name: 'fail-on',
      value: 'GOAL',
      repeated: 'all',
      description: 'exit 1 when an object meets GOAL; kapi checks it before --until',
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
    { name: 'for-count', value: 'N', description: 'exit 0 after N events', completes: 'nothing' },
    {
      name: 'timeout',
      value: 'DURATION',
      description:
        'stop after this time, such as 30s or 5m; exit 1 if --until or --for-count is not met, 6 if the server has not answered the list yet, otherwise 0. --timeout 0 checks once',
      completes: 'nothing',
    },
    contextsFlag,
    // `kapi watch` accepts these flags and ignores them, because it always does what they ask for.
    ...kubectlWatchFlags,
  ],
  examples: [
    { text: 'The pods of a namespace', command: 'kapi watch pods -n default', endless: true },
    {
      text: 'Two types in one output, with the time of each event',
      command: 'kapi watch deploy,rs -n default --timestamps',
      endless: true,
    },
    { text: 'The fields that change', command: 'kapi watch pod web --diff', endless: true },
    {
      text: 'Wait in CI until a pod is ready; it need not exist yet',
      command: 'kapi watch pod web --until condition=Ready --timeout 60s',
    },
    {
      text: 'Wait until a pod runs or has succeeded, and stop if it fails',
      command:
        "kapi watch pod web --until-any 'jsonpath={.status.phase}=Running' --until-any 'jsonpath={.status.phase}=Succeeded' --fail-on 'jsonpath={.status.phase}=Failed' --timeout 5m",
    },
    {
      text: 'Wait until all pods of an application run',
      command: "kapi watch pods -l app=web --until 'jsonpath={.status.phase}=Running' --timeout 5m",
    },
    {
      text: 'Exit 1 when the time limit passes first',
      command: "kapi watch pod web --until 'jsonpath={.status.phase}=Failed' --timeout 1s",
      exitCode: 1,
    },
    {
      text: 'Every deleted pod of the cluster, as JSON lines',
      command: `kapi watch pods -A -o ndjson | jq -c --unbuffered 'select(.type == "DELETED") | .object.metadata'`,
      endless: true,
    },
  ],
  seeAlso: ['list', 'help selectors', 'help exit-codes'],
  parse: parseWatchOptions,
  load: async () => (await import('./run.ts')).runWatch,
});
