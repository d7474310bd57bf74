// kapi downward: the spec.

import { defineCommand } from '../spec.ts';
import { parseDownwardOptions, type DownwardOptions } from './options.ts';

export const downwardCommand = defineCommand<DownwardOptions>({
  name: 'downward',
  summary: 'the values that the Downward API gives a pod',
  description: `Shows every variable and file that a pod's containers get through the
Downward API, with their values: fields of the pod, and limits and requests
divided by their divisor, rounded up. A limit that is not set is what the
node can give to pods, and the note says so. The pod is read, and its node
only where such a limit needs it.

Inside a pod and without POD it shows this pod and compares: variables keep
what they were when the container started, files follow the pod within a
minute or two unless they are mounted by subPath.`,
  group: 'learn',
  arguments: [
    {
      name: 'POD',
      description: 'name of a pod; inside a pod it may be left out (POD_NAME, else HOSTNAME names it then)',
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
      description: 'table, json, yaml, ndjson, or env: lines that a shell can source, of one container',
      default: 'table',
      choices: ['table', 'json', 'yaml', 'ndjson', 'env'],
    },
    {
      name: 'container',
      short: 'c',
      value: 'NAME',
      description: 'only this container',
      completes: 'container',
    },
    {
      name: 'write',
      value: 'DIR',
      description: 'write the files as DIR/VOLUME/PATH, with their modes, and print the paths',
      completes: 'directory',
    },
    { name: 'no-headers', description: 'no header line' },
  ],
  examples: [
    { text: 'What a pod gets', command: 'kapi downward web' },
    {
      text: 'This pod, from within, compared with its real environment and files',
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
