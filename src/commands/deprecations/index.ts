// kapi deprecations: the spec.

import { defineCommand } from '../spec.ts';
import { parseDeprecationsOptions, type DeprecationsOptions } from './options.ts';

export const deprecationsCommand = defineCommand<DeprecationsOptions>({
  name: 'deprecations',
  summary: 'old API versions in use, which an upgrade may break',
  description: `Finds old API versions in use, and says where each finding comes from.

The column SOURCE is one of:

  metric         a client called a deprecated API since the server started (/metrics); the server does not say which
  managedFields  BY wrote the object in the version WRITTEN AS, last at WHEN
  last-applied   kubectl apply sent the object in this version
  served         the server has the version, and it is not the preferred one or will be removed
  added          only the other server (--against) has this version of the type; nothing breaks
  against        the other server does not have the version or the field, or requires the field

GONE IN is the release that removes the version, as the server or the deprecation guide of Kubernetes says; - means that no
removal is planned. Exits 1 if a version in use will be removed, with --to only if that release or an earlier one removes it.

kapi reads only the metadata of objects, and never requests a deprecated version: stderr names the types that have no other
one. stderr also names what you may not read, and the exit code is then 4. Events are left out.`,
  group: 'discover',
  isMinor: true,
  arguments: [],
  flags: [
    {
      name: 'to',
      value: 'VERSION',
      description: 'exit 1 only for versions that this release has removed; such as 1.38',
      completes: 'nothing',
    },
    {
      name: 'against',
      value: 'CONTEXT|FILE',
      description:
        'compare with the server of a context, fields included, or with a saved kapi resources --all-versions -o json',
      completes: 'context',
    },
    { name: 'no-headers', description: 'print no header line' },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'table, json, yaml or ndjson',
      default: 'table',
      choices: ['table', 'json', 'yaml', 'ndjson'],
    },
  ],
  examples: [
    { text: 'Everything that is old', command: 'kapi deprecations' },
    { text: 'In CI, before an upgrade', command: 'kapi deprecations --to 1.37 -o ndjson' },
    {
      text: 'What the server of another context does not have',
      command: 'kapi deprecations --against staging',
      needs: ['staging'],
    },
  ],
  comparesContexts: true,
  seeAlso: ['groups', 'resources', 'help exit-codes'],
  parse: parseDeprecationsOptions,
  load: async () => (await import('./run.ts')).runDeprecations,
});
