// kapi config: the spec.

import { defineCommand } from '../spec.ts';
import { parseConfigOptions, views, type ConfigOptions } from './options.ts';

export const configCommand = defineCommand<ConfigOptions>({
  name: 'config',
  sendsNothing: true,
  summary: 'cluster and credentials in use, and where each came from',
  description: `show prints the server, its authorities, the credential, the namespace, proxy and impersonation with the flag, variable,
file or pod each came from; secrets are redacted. contexts lists the contexts of the kubeconfig. server, ca, cert, key and token print
one raw value, for $(kapi config token) and <(kapi config ca); exec plugins are run for what only they know. A key or token is not
written to a terminal without --show-secrets. Nothing is sent to the server.`,
  group: 'identity',
  arguments: [{ name: 'VIEW', description: views.join(', '), optional: true, completes: views }],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'table, json or yaml; name for contexts',
      default: 'table',
      choices: ['table', 'json', 'yaml', 'name'],
    },
    { name: 'no-headers', description: 'no header line (contexts)' },
  ],
  examples: [
    { text: 'What kapi would talk to, and why', command: 'kapi config show' },
    {
      text: 'The same for another context',
      command: 'kapi config show --context staging',
      needs: ['staging'],
    },
    { text: 'The contexts there are', command: 'kapi config contexts' },
    {
      text: 'A request by hand',
      command:
        'curl --cacert <(kapi config ca) -H "Authorization: Bearer $(kapi config token)" "$(kapi config server)/version"',
    },
  ],
  seeAlso: ['whoami', 'doctor', 'help credentials', 'help environment'],
  parse: parseConfigOptions,
  load: async () => (await import('./run.ts')).runConfig,
});
