// kapi whoami: the spec.

import { defineCommand } from '../spec.ts';
import { parseWhoamiOptions, type WhoamiOptions } from './options.ts';

export const whoamiCommand = defineCommand<WhoamiOptions>({
  name: 'whoami',
  summary: 'who the server says you are, and what credentials say',
  description: `Asks the server for your user name, UID, groups and extra attributes, and adds what can be told locally: server, context,
namespace, where each credential comes from, the names and dates in a client certificate or token, and how long they still hold.
Where the server has no such API or does not tell, what the credentials claim or a refusal says is shown instead, marked as such.
With -o name exit 4 says that the server does not tell. Of several credentials it says which one the server took.
A token itself is never printed.`,
  group: 'identity',
  arguments: [],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description:
        'table, json, yaml (a SelfSubjectReview with the local facts beside it) or name (the user name)',
      default: 'table',
      choices: ['table', 'json', 'yaml', 'name'],
    },
    { name: 'no-headers', description: 'no header line' },
  ],
  examples: [
    { text: 'Who you are', command: 'kapi whoami' },
    { text: 'The user name alone', command: 'kapi whoami -o name' },
    {
      text: 'When the credentials expire',
      command: "kapi whoami -o json | jq '.local.credentials[].expires'",
    },
    {
      text: 'As whom an impersonated request would be judged',
      command: 'kapi whoami --as-sa default',
    },
    { text: 'The user of another context', command: 'kapi whoami --context staging', needs: ['staging'] },
  ],
  seeAlso: ['can-i', 'config', 'help credentials'],
  parse: parseWhoamiOptions,
  load: async () => (await import('./run.ts')).runWhoami,
});
