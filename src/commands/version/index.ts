// kapi version: the spec.

import { defineCommand } from '../spec.ts';
import { parseVersionOptions, type VersionOptions } from './options.ts';

export const versionCommand = defineCommand<VersionOptions>({
  name: 'version',
  summary: "kapi's version and the server's",
  description: `Prints kapi's own version and the server's. kapi follows the API of Kubernetes 1.36; a server that is much older
or newer gets a warning on stderr that names what may be missing.`,
  group: 'tool',
  arguments: [],
  flags: [
    { name: 'client', description: 'do not ask the server' },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'json or yaml',
      choices: ['json', 'yaml'],
    },
  ],
  examples: [
    { text: 'Both versions', command: 'kapi version' },
    { text: "kapi's own", command: 'kapi version --client' },
    { text: "The server's alone", command: 'kapi version -o json | jq -r .serverVersion.gitVersion' },
  ],
  seeAlso: ['doctor', 'get'],
  parse: parseVersionOptions,
  load: async () => (await import('./run.ts')).runVersion,
});
