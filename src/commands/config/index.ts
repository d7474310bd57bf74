// kapi config: the spec.

import { defineCommand } from '../spec.ts';
import { parseConfigOptions, views, type ConfigOptions } from './options.ts';

export const configCommand = defineCommand<ConfigOptions>({
  name: 'config',
  summary: 'the resolved cluster and credentials, and where each part came from',
  description: `show prints the server, its authorities, the credential, the namespace, proxy and impersonation with the flag, variable,
file or pod each came from; secrets are redacted. Nothing is sent to the server.`,
  group: 'identity',
  arguments: [{ name: 'VIEW', description: views.join(', '), optional: true, completes: views }],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      description: 'table, json or yaml',
      default: 'table',
      choices: ['table', 'json', 'yaml'],
    },
  ],
  examples: [
    { text: 'What kapi would talk to, and why', command: 'kapi config show' },
    { text: 'The same for another context', command: 'kapi config show --context staging' },
  ],
  parse: parseConfigOptions,
  load: async () => (await import('./run.ts')).runConfig,
});
