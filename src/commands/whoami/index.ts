// kapi whoami: the spec.

import { contextsFlags } from '../contexts-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseWhoamiOptions, type WhoamiOptions } from './options.ts';

export const whoamiCommand = defineCommand<WhoamiOptions>({
  name: 'whoami',
  summary: 'who you are to the server, and what your credentials say',
  description: `Asks the server for your user name, UID, groups and extra attributes. kapi adds local facts: server, context, namespace, the
origin of each credential, the names and dates in a certificate or token, and when it expires. It never prints the token.

If the server has no API for this, or denies it, kapi shows what the credentials claim or what the refusal says, and marks it
as such; -o name then exits 4. If kapi sends several credentials, it says which one the server took.`,
  group: 'identity',
  arguments: [],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description:
        'table, json, yaml (a SelfSubjectReview with the local facts next to it) or name (the user name)',
      default: 'table',
      choices: ['table', 'json', 'yaml', 'name'],
    },
    { name: 'no-headers', description: 'print no header line' },
    ...contextsFlags,
  ],
  examples: [
    { text: 'Who you are', command: 'kapi whoami' },
    { text: 'Only the user name', command: 'kapi whoami -o name' },
    {
      text: 'When the credentials expire',
      command: "kapi whoami -o json | jq '.local.credentials[].expires'",
    },
    {
      text: 'The user of an impersonated request',
      command: 'kapi whoami --as-sa default',
    },
    { text: 'The user of another context', command: 'kapi whoami --context staging', needs: ['staging'] },
  ],
  seeAlso: ['can-i', 'config', 'help credentials'],
  parse: parseWhoamiOptions,
  load: async () => (await import('./run.ts')).runWhoami,
});
