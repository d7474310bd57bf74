// kapi groups: the spec.

import { defineCommand } from '../spec.ts';
import { parseGroupsOptions, type GroupsOptions } from './options.ts';

export const groupsCommand = defineCommand<GroupsOptions>({
  name: 'groups',
  summary: 'API groups, their versions and how stable these are',
  description: `Lists the API groups, the core group included: the preferred version, all versions, the stage of each (alpha, beta,
stable) and the path under which each stands. Groups come in the server's order of priority.`,
  group: 'discover',
  arguments: [
    {
      name: 'GROUP',
      description: 'only this group; core is the one without a name',
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
      description: 'table, name (group/version, one per line), json, yaml or ndjson',
      default: 'table',
      choices: ['table', 'name', 'json', 'yaml', 'ndjson'],
    },
    { name: 'no-headers', description: 'no header line' },
  ],
  examples: [
    { text: 'All groups', command: 'kapi groups' },
    { text: 'One group', command: 'kapi groups batch' },
    { text: "What kubectl's api-versions prints", command: 'kapi groups -o name' },
    {
      text: 'Versions that are not stable: they may change or be removed',
      command: `kapi groups -o json | jq -r '.groups[].versions[] | select(.stage != "stable") | .groupVersion'`,
    },
  ],
  seeAlso: ['paths', 'resources'],
  parse: parseGroupsOptions,
  load: async () => (await import('./run.ts')).runGroups,
});
