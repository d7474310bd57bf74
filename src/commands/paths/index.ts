// kapi paths: the spec.

import { defineCommand } from '../spec.ts';
import { parsePathsOptions, type PathsOptions } from './options.ts';

export const pathsCommand = defineCommand<PathsOptions>({
  name: 'paths',
  summary: 'the paths that the API server offers',
  description: `Shows the paths that GET / lists: a tree on a terminal, one path on each line in a pipe. If you may not read /, kapi builds
the list from discovery and the well-known health, version, metrics, OpenAPI and log paths, and says so on stderr.`,
  group: 'discover',
  arguments: [
    {
      name: 'PREFIX',
      description: 'only paths that begin with PREFIX',
      optional: true,
      completes: 'path-prefix',
    },
  ],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'tree, name (one path on each line), json, yaml or ndjson',
      default: 'tree on a terminal, else name',
      choices: ['tree', 'name', 'json', 'yaml', 'ndjson'],
    },
  ],
  examples: [
    { text: 'All paths', command: 'kapi paths' },
    { text: 'The versions of the batch group', command: 'kapi paths /apis/batch' },
    { text: 'The health checks', command: 'kapi paths /healthz' },
    { text: 'The paths as JSON, for a program', command: "kapi paths -o json | jq -r '.paths[]'" },
  ],
  seeAlso: ['groups', 'resources', 'get'],
  parse: parsePathsOptions,
  load: async () => (await import('./run.ts')).runPaths,
});
