// kapi list: the spec.

import { becomesWatch, readFlags, toWatchFlags } from '../read-flags.ts';
import { contextsFlags, expectTotalFlag } from '../contexts-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseListOptions, type ListOptions } from './options.ts';

export const listCommand = defineCommand<ListOptions>({
  name: 'list',
  aliases: ['ls'],
  summary: 'objects of one or several types, as a table',
  description: `Lists objects of one or several types, one table after the other. kapi prints the server's tables page by page as they
arrive. You can name a type by its plural, singular, short name or kind, with group and version if needed
(deployments.v1.apps), or name a category such as all.`,
  group: 'read',
  arguments: [
    {
      name: 'TYPE[,TYPE...]',
      description: 'resource types or categories; kapi resources lists them',
      completes: 'type',
    },
  ],
  flags: [
    ...readFlags.filter((flag) => !['subresource', 'ignore-not-found'].includes(flag.name)),
    ...contextsFlags,
    expectTotalFlag,
    ...toWatchFlags,
  ],
  becomes: becomesWatch,
  examples: [
    { text: 'The pods of a namespace', command: 'kapi list pods -n default' },
    {
      text: 'Deployments and Services in all namespaces, with selectors and images',
      command: 'kapi list deploy,svc -A -o wide',
    },
    {
      text: 'The name and phase of each pod',
      command: `kapi list pods -o jsonpath='{range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}'`,
    },
    {
      text: 'Your own columns, the newest object last',
      command:
        'kapi list pods --sort-by .metadata.creationTimestamp -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName',
    },
    { text: 'One object on each line, for jq', command: 'kapi list events -A -o ndjson | jq -r .reason' },
    {
      text: 'In CI: fail when a container has no limits',
      command:
        "kapi list pods -A --where 'spec.containers.exists(c, !has(c.resources.limits))' --expect-count 0",
      exitCode: 1,
    },
    {
      text: 'Fail in CI unless three pods run',
      command: 'kapi list pods -l app=web --field-selector status.phase=Running --expect-count 3',
    },
    {
      text: 'Fail in CI if there are no objects',
      command: 'kapi list pods -l app=none --require-nonempty',
      exitCode: 1,
    },
  ],
  seeAlso: ['get', 'watch', 'resources', 'help output', 'help selectors', 'help cel'],
  parse: parseListOptions,
  load: async () => (await import('./run.ts')).runList,
});
