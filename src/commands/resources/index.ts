// kapi resources: the spec.

import { contextsFlags } from '../contexts-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseResourcesOptions, type ResourcesOptions } from './options.ts';

export const resourcesCommand = defineCommand<ResourcesOptions>({
  name: 'resources',
  aliases: ['api-resources'],
  summary: 'the resource types that the server offers',
  description: `Lists resource types with their short names, version, scope and kind: the preferred version of every group, or one group or
version. -o wide adds verbs and categories. --subresources adds subresources such as pods/log and deployments/scale.

kapi requests the list from the server. If an aggregated API does not answer, kapi prints a warning and the other types.`,
  group: 'discover',
  arguments: [
    {
      name: 'GROUP[/VERSION]',
      description: 'only this group or version; v1 and core are the group without a name',
      optional: true,
      completes: 'group-version',
    },
  ],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'table, wide, name, json, yaml or ndjson',
      default: 'table',
      choices: ['table', 'wide', 'name', 'json', 'yaml', 'ndjson'],
    },
    { name: 'subresources', description: 'also list subresources' },
    { name: 'all-versions', description: 'list every version of a group' },
    {
      name: 'api-group',
      value: 'GROUP',
      description: "only this group; '' is the core group",
      completes: 'group',
    },
    {
      name: 'namespaced',
      value: 'BOOL',
      optionalValue: true,
      repeated: 'last',
      choices: ['true', 'false'],
      description: 'only namespaced types; with =false, only cluster-scoped types',
    },
    {
      name: 'verbs',
      value: 'VERB[,VERB...]',
      repeated: 'all',
      description: 'only types that support all these verbs',
      completes: 'type-verb',
    },
    {
      name: 'categories',
      value: 'CATEGORY[,...]',
      repeated: 'all',
      description: 'only types in all these categories',
      completes: 'category',
    },
    {
      name: 'sort-by',
      value: 'COLUMN',
      choices: ['name', 'kind'],
      description: 'sort by name or kind',
      default: 'group, then name',
    },
    { name: 'no-headers', description: 'print no header line' },
    { name: 'cached', description: 'use the cache while it is fresh' },
    ...contextsFlags,
  ],
  examples: [
    { text: 'All types', command: 'kapi resources' },
    { text: 'The types of batch/v1', command: 'kapi resources batch/v1' },
    { text: 'Subresources of the core group', command: 'kapi resources v1 --subresources' },
    {
      text: 'Namespaced types that support watch',
      command: 'kapi resources --namespaced --verbs list,watch -o name',
    },
    { text: 'The types in the category all', command: 'kapi resources --categories all -o wide' },
  ],
  seeAlso: ['groups', 'explain', 'list'],
  parse: parseResourcesOptions,
  load: async () => (await import('./run.ts')).runResources,
});
