// kapi resources: the spec.

import { defineCommand } from '../spec.ts';
import { parseResourcesOptions, type ResourcesOptions } from './options.ts';

export const resourcesCommand = defineCommand<ResourcesOptions>({
  name: 'resources',
  aliases: ['api-resources'],
  summary: 'the resource types that the server offers',
  description: `Lists resource types with their short names, version, scope and kind: of every group in its preferred version, or of
one group or version. -o wide adds verbs and categories; --subresources shows pods/log, deployments/scale and their like.
The list is always asked from the server; a broken aggregated API is a warning and the rest is shown.`,
  group: 'discover',
  arguments: [
    {
      name: 'GROUP[/VERSION]',
      description: 'only this group, in this version; v1 and core are the group without a name',
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
    { name: 'subresources', description: 'subresources too (kapi only)' },
    { name: 'all-versions', description: 'every version of a group, not the preferred one only (kapi only)' },
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
      description: 'only types within namespaces; with =false only the others',
    },
    {
      name: 'verbs',
      value: 'VERB[,VERB...]',
      repeated: 'all',
      description: 'only types that take all these verbs',
      completes: 'type-verb',
    },
    {
      name: 'categories',
      value: 'CATEGORY[,...]',
      repeated: 'all',
      description: 'only types that are in all these categories',
      completes: 'category',
    },
    {
      name: 'sort-by',
      value: 'COLUMN',
      choices: ['name', 'kind'],
      description: 'sort by name or kind',
      default: 'group, then name',
    },
    { name: 'no-headers', description: 'no header line' },
    { name: 'cached', description: 'use the cache while it is fresh instead of asking the server' },
  ],
  examples: [
    { text: 'All types', command: 'kapi resources' },
    { text: 'What batch/v1 holds', command: 'kapi resources batch/v1' },
    { text: 'Subresources of the core group', command: 'kapi resources v1 --subresources' },
    {
      text: 'What can be watched within a namespace',
      command: 'kapi resources --namespaced --verbs list,watch -o name',
    },
    { text: 'What stands in the category all', command: 'kapi resources --categories all -o wide' },
  ],
  seeAlso: ['groups', 'explain', 'list'],
  parse: parseResourcesOptions,
  load: async () => (await import('./run.ts')).runResources,
});
