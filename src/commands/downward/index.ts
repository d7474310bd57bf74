// kapi downward: the spec.

import { defineCommand } from '../spec.ts';
import { parseDownwardOptions, type DownwardOptions } from './options.ts';

export const downwardCommand = defineCommand<DownwardOptions>({
  name: 'downward',
  summary: 'the values that the Downward API gives a pod',
  description: `Shows the variables and files that a pod's containers get through the Downward API, with their values: fields of the pod, and
limits and requests divided by their divisor, rounded up. If a limit is not set, the value is the allocatable amount of the node,
and a note says so; kapi reads the node only in this case.

Without POD, inside a pod, kapi shows this pod and compares the values with the actual ones. Variables keep the values of the
container's start. Files follow the pod within a minute or two, unless they are mounted by subPath.`,
  group: 'learn',
  isMinor: true,
  arguments: [
    {
      name: 'POD',
      description: 'name of a pod; default inside a pod: POD_NAME, else HOSTNAME',
      optional: true,
      completes: 'pod',
    },
  ],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'table, json, yaml, ndjson or env; env prints one container as lines for a shell',
      default: 'table',
      choices: ['table', 'json', 'yaml', 'ndjson', 'env'],
    },
    {
      name: 'container',
      short: 'c',
      value: 'NAME',
      description: 'show only this container',
      completes: 'container',
    },
    {
      name: 'write',
      value: 'DIR',
      description: 'write the files to DIR/VOLUME/PATH; with their modes, and print the paths',
      completes: 'directory',
    },
    { name: 'no-headers', description: 'print no header line' },
  ],
  examples: [
    { text: 'The values of a pod', command: 'kapi downward web' },
    {
      text: 'Inside a pod, compared with its actual environment and files',
      command: 'kapi downward',
      needs: ['pod'],
    },
    { text: 'The environment of one container for a shell', command: 'kapi downward web -c app -o env' },
    { text: 'The files of its volumes', command: 'kapi downward web --write ./podinfo' },
  ],
  seeAlso: ['get', 'explain', 'help in-pod'],
  parse: parseDownwardOptions,
  load: async () => (await import('./run.ts')).runDownward,
});
