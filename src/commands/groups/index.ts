// kapi groups: the spec.

import { defineCommand } from '../spec.ts';
import { parseGroupsOptions, type GroupsOptions } from './options.ts';

export const groupsCommand = defineCommand<GroupsOptions>({
  name: 'groups',
  summary: 'API groups, their versions and the stability of each',
  description: `Lists the API groups, including the core group, in the server's order of priority: the preferred version, all versions, the
stability of each version (alpha, beta, stable) and its path.`,
  group: 'discover',
  arguments: [
    {
      name: 'GROUP',
      description: 'only this group; core is the group without a name',
      optional: true,
      completes: 'group',
    },
  ],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'table, name (group/version), json, yaml or ndjson',
      default: 'table',
      choices: ['table', 'name', 'json', 'yaml', 'ndjson'],
    },
    { name: 'no-headers', description: 'print no header line' },
  ],
  examples: [
    { text: 'All groups', command: 'kapi groups' },
    { text: 'One group', command: 'kapi groups batch' },
    { text: 'The output of kubectl api-versions', command: 'kapi groups -o name' },
    {
      text: 'Versions that are not stable',
      command: `kapi groups -o json | jq -r '.groups[].versions[] | select(.stage != "stable") | .groupVersion'`,
    },
  ],
  seeAlso: ['paths', 'resources'],
  parse: parseGroupsOptions,
  load: async () => (await import('./run.ts')).runGroups,
});
