// kapi config: the spec.

import { defineCommand } from '../spec.ts';
import { parseConfigOptions, views, type ConfigOptions } from './options.ts';

export const configCommand = defineCommand<ConfigOptions>({
  name: 'config',
  sendsNothing: true,
  summary: 'cluster and credentials in use, and where each comes from',
  description: `Shows the settings that kapi uses. kapi config sends no requests to the server.

show prints the server, its authorities, the credential, the namespace, proxy and impersonation, each with the flag, variable, file
or pod that it comes from, and redacts secrets. contexts lists the contexts of the kubeconfig. server, ca, cert, key and token
print one value, for $(kapi config token) and <(kapi config ca); kapi runs an exec plugin if only the plugin knows the value. kapi
prints a key or token on a terminal only with --show-secrets.`,
  group: 'identity',
  arguments: [
    { name: 'VIEW', description: `${views.join(', ')} (default: show)`, optional: true, completes: views },
  ],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'output format of show and contexts; name only for contexts',
      default: 'table',
      choices: ['table', 'json', 'yaml', 'name'],
    },
    { name: 'no-headers', description: 'print no header line (contexts)' },
  ],
  examples: [
    { text: 'The settings, and where each comes from', command: 'kapi config show' },
    {
      text: 'The same for another context',
      command: 'kapi config show --context staging',
      needs: ['staging'],
    },
    { text: 'All contexts', command: 'kapi config contexts' },
    {
      text: 'A request with curl',
      command:
        'curl --cacert <(kapi config ca) -H "Authorization: Bearer $(kapi config token)" "$(kapi config server)/version"',
    },
  ],
  seeAlso: ['whoami', 'doctor', 'help credentials', 'help environment'],
  parse: parseConfigOptions,
  load: async () => (await import('./run.ts')).runConfig,
});
