// kapi explore: the spec.

import { defineCommand } from '../spec.ts';
import { parseExploreOptions, type ExploreOptions } from './options.ts';

export const exploreCommand = defineCommand<ExploreOptions>({
  name: 'explore',
  summary: 'browse the API on a terminal',
  description: `Opens a screen to browse the API: paths and groups, types with the verbs that you may use, objects as a table, and
an object as a tree that folds. Next to the tree is what is known about the field under the cursor: its path as jsonpath, its
type and documentation, and who set it.

kapi asks the server only for what you open, and cancels a request when you open another screen. kapi shows a refusal where it happened, with
the missing right.

Keys: arrow keys move, Enter opens, Esc goes back, / searches, y copies the path of a field (jsonpath, CEL, JSON pointer)
or its value, c shows the curl command and k the kapi command of the screen, e the events, h the history, l the log of a
pod, w turns a list into the live table, ? shows all keys, q quits. The kapi command of the last screen stays on stderr.

The screen needs a terminal on standard input and output. With - kapi shows JSON or YAML from standard input and reads the
keys from /dev/tty. kapi get --view and kapi curl --view show their response on the same screen.`,
  group: 'discover',
  isMinor: true,
  arguments: [
    {
      name: 'PATH|TYPE[/NAME]',
      description: 'where to begin: a path, a resource type, an object, or - for standard input',
      optional: true,
      completes: 'path-or-target',
    },
    { name: 'NAME', description: 'object of the type', optional: true, completes: 'name' },
  ],
  flags: [{ name: 'all-namespaces', short: 'A', description: 'begin with the objects of all namespaces' }],
  examples: [
    { text: 'The paths of the server', command: 'kapi explore', exitCode: 2 },
    { text: 'A pod as a tree, with documentation', command: 'kapi explore pod/web', exitCode: 2 },
    { text: 'All deployments', command: 'kapi explore deploy -A', exitCode: 2 },
    {
      text: 'The types of a group version',
      command: 'kapi explore /apis/apps/v1',
      exitCode: 2,
    },
  ],
  seeAlso: ['paths', 'resources', 'explain', 'watch'],
  parse: parseExploreOptions,
  load: async () => (await import('./run.ts')).runExplore,
});
