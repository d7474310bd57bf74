// kapi get: the spec.

import { becomesWatch, readFlags, toWatchFlags } from '../read-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseGetOptions, type GetOptions } from './options.ts';

export const getCommand = defineCommand<GetOptions>({
  name: 'get',
  summary: 'objects by name as JSON, or GET of a path',
  description: `With a path: sends GET to it and shows the answer, JSON indented, text as it is. With a type and names: the objects
as pretty JSON, several as a List; -o table shows rows. With a type only it lists, as a table. Several types and names go as
TYPE/NAME words.`,
  group: 'read',
  arguments: [
    {
      name: 'PATH|TYPE[/NAME]',
      description: 'a path that begins with /, or a resource type, or TYPE/NAME',
      completes: 'path-or-target',
    },
    {
      name: 'NAME',
      description: 'names of objects of the type',
      optional: true,
      variadic: true,
      completes: 'name',
    },
  ],
  flags: [...readFlags, ...toWatchFlags],
  becomes: becomesWatch,
  examples: [
    { text: 'What the server is', command: 'kapi get /version' },
    {
      text: 'A pod by its path, as curl would get it',
      command: 'kapi get /api/v1/namespaces/default/pods/web',
    },
    { text: 'A pod and a deployment', command: 'kapi get pod/web deploy/web -o yaml' },
    { text: 'One field', command: "kapi get pod web -o jsonpath='{.status.podIP}'" },
    { text: 'How far a deployment is scaled', command: 'kapi get deploy web --subresource scale' },
    { text: 'The checks behind a health endpoint', command: "kapi get '/readyz?verbose'" },
    { text: 'A pod that may be gone', command: 'kapi get pod gone --ignore-not-found -o name' },
    { text: 'What does not exist ends with 4', command: 'kapi get pod nobody', exitCode: 4 },
  ],
  seeAlso: ['list', 'curl', 'help output', 'help jsonpath'],
  parse: parseGetOptions,
  load: async () => (await import('./run.ts')).runGet,
});
