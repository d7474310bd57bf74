// kapi paths: the spec.

import { defineCommand } from '../spec.ts';
import { parsePathsOptions, type PathsOptions } from './options.ts';

export const pathsCommand = defineCommand<PathsOptions>({
  name: 'paths',
  summary: 'the paths that the API server offers',
  description: `Shows what GET / lists: a tree on a terminal, one path per line in a pipe. Ordinary users may not read /; then the
list is put together from discovery and the well-known health, version, metrics, OpenAPI and log paths, and stderr says so.`,
  group: 'discover',
  arguments: [
    {
      name: 'PREFIX',
      description: 'only paths that begin with it',
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
      description: 'tree, name (one per line), json, yaml or ndjson',
      default: 'tree on a terminal, else name',
      choices: ['tree', 'name', 'json', 'yaml', 'ndjson'],
    },
  ],
  examples: [
    { text: 'Everything', command: 'kapi paths' },
    { text: 'The versions of the batch group', command: 'kapi paths /apis/batch' },
    { text: 'The health checks one by one', command: 'kapi paths /healthz' },
    { text: 'For a program', command: "kapi paths -o json | jq -r '.paths[]'" },
  ],
  seeAlso: ['groups', 'resources', 'get'],
  parse: parsePathsOptions,
  load: async () => (await import('./run.ts')).runPaths,
});
