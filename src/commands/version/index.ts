// kapi version: the spec.

import { contextsFlags } from '../contexts-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseVersionOptions, type VersionOptions } from './options.ts';

export const versionCommand = defineCommand<VersionOptions>({
  name: 'version',
  summary: 'the versions of kapi and the server',
  description: `Prints the versions of kapi and the server. kapi follows the API of Kubernetes 1.36. If the server is much older or newer, kapi
prints a warning on stderr that names what may be missing.`,
  group: 'tool',
  isMinor: true,
  arguments: [],
  flags: [
    { name: 'client', description: 'print only the version of kapi' },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'json or yaml',
      choices: ['json', 'yaml'],
    },
    ...contextsFlags,
  ],
  examples: [
    { text: 'Both versions', command: 'kapi version' },
    { text: 'Only the version of kapi', command: 'kapi version --client' },
    {
      text: 'Only the version of the server',
      command: 'kapi version -o json | jq -r .serverVersion.gitVersion',
    },
  ],
  seeAlso: ['doctor', 'get'],
  parse: parseVersionOptions,
  load: async () => (await import('./run.ts')).runVersion,
});
