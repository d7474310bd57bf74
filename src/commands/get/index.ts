// kapi get: the spec.

import { becomesWatch, readFlags, toWatchFlags } from '../read-flags.ts';
import { contextsFlags, expectTotalFlag } from '../contexts-flags.ts';
import { defineCommand } from '../spec.ts';
import { viewFlag } from '../view-flag.ts';
import { parseGetOptions, type GetOptions } from './options.ts';

export const getCommand = defineCommand<GetOptions>({
  name: 'get',
  summary: 'objects by name as JSON, or GET of a path',
  description: `Gets objects by name, or the response to a path. With a type and names, kapi prints JSON, and several objects as a List;
-o table prints rows. With only a type, it lists the objects as a table.

With a path, kapi sends GET and prints the response: JSON indented, text unchanged. Name objects of several types as TYPE/NAME.
With - and --view, kapi shows JSON or YAML from standard input.`,
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
  flags: [
    ...readFlags,
    {
      name: 'owners',
      description:
        'with -o yaml, show the field managers of each line; with operation and age of their last write, from managedFields',
    },
    viewFlag,
    ...contextsFlags,
    expectTotalFlag,
    ...toWatchFlags,
  ],
  becomes: becomesWatch,
  examples: [
    { text: 'The version of the server', command: 'kapi get /version' },
    {
      text: 'A pod by its path, as with curl',
      command: 'kapi get /api/v1/namespaces/default/pods/web',
    },
    { text: 'A pod and a deployment', command: 'kapi get pod/web deploy/web -o yaml' },
    { text: 'One field', command: "kapi get pod web -o jsonpath='{.status.podIP}'" },
    { text: 'Who set each field', command: 'kapi get deploy web -n default -o yaml --owners' },
    { text: 'The scale of a Deployment', command: 'kapi get deploy web --subresource scale' },
    { text: 'The checks behind a health endpoint', command: "kapi get '/readyz?verbose'" },
    {
      text: 'A deployment as a tree, with documentation',
      command: 'kapi get deploy web --view',
      exitCode: 2,
    },
    { text: 'A pod that may not exist', command: 'kapi get pod gone --ignore-not-found -o name' },
    { text: 'Exit 4 if the pod does not exist', command: 'kapi get pod missing', exitCode: 4 },
  ],
  seeAlso: ['list', 'curl', 'explore', 'help output', 'help jsonpath'],
  parse: parseGetOptions,
  load: async () => (await import('./run.ts')).runGet,
});
