// kapi describe: the spec.

import { readFlags } from '../read-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseDescribeOptions, type DescribeOptions } from './options.ts';

/** Flags of `list` that choose objects. */
const shared = new Set(['all-namespaces', 'selector', 'field-selector']);

export const describeCommand = defineCommand<DescribeOptions>({
  name: 'describe',
  summary: 'what is wrong with an object, its state and events',
  description: `Summarizes objects for people: what is wrong, status, conditions, containers, owners, owned objects, last changes and events.

Problems come first, causes before what follows from them: a container that cannot start comes before the Deployment that is not
available. For a workload, kapi also looks for problems in its pods. A ! marks bad conditions. kapi shows conditions that it does not know,
and does not judge them.

A restart or a warning counts as a problem for an hour. Warnings do not count while all conditions of the object are good.

For built-in types, kapi searches the types that their controllers create. For custom types, kapi searches every type that you may
list, for at most five seconds; --owned all does this for any type. kapi leaves out what it cannot read, and a note says what and
why.

kapi never shows values of Secrets and of variables.`,
  group: 'read',
  arguments: [
    { name: 'TYPE[,TYPE...]', description: 'resource types, or TYPE/NAME', completes: 'target' },
    {
      name: 'NAME',
      description: 'names of objects of the type',
      optional: true,
      variadic: true,
      completes: 'name',
    },
  ],
  flags: [
    ...readFlags.filter(({ name }) => shared.has(name)),
    { name: 'problems', description: 'print only what is wrong; exit 1 if anything is' },
    {
      name: 'owned',
      value: 'TYPES',
      description:
        'types to search for owned objects; auto searches the types that the controllers of built-in types create, and all types for a custom one',
      default: 'auto',
      choices: ['auto', 'all', 'none'],
    },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'output format; json and yaml print the summary, several objects as items',
      default: 'text',
      choices: ['text', 'json', 'yaml', 'ndjson'],
    },
  ],
  examples: [
    { text: 'A pod', command: 'kapi describe pod web' },
    {
      text: 'Why Deployments are not available; exit 1 if anything is wrong',
      command: 'kapi describe deploy -A --problems',
      exitCode: 1,
    },
    { text: 'Nodes, with their pods and what these request', command: 'kapi describe nodes' },
    {
      text: 'The conditions with their judgement, as JSON',
      command: 'kapi describe deploy web -n default -o json | jq .conditions',
    },
  ],
  seeAlso: ['get', 'watch', 'history', 'help exit-codes'],
  parse: parseDescribeOptions,
  load: async () => (await import('./run.ts')).runDescribe,
});
