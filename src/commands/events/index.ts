// kapi events: the spec.

import { contextsFlags } from '../contexts-flags.ts';
import { outputFlag } from '../read-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseEventsOptions, type EventsOptions } from './options.ts';

export const eventsCommand = defineCommand<EventsOptions>({
  name: 'events',
  summary: 'events by the time last seen, of one object or all',
  description: `Shows Events, the newest last. LAST SEEN is the latest time that the event contains: newer reporters write series and
eventTime (events.k8s.io), older ones lastTimestamp and count. "2m (x3 over 10m)" means three times in ten minutes,
the last time two minutes ago. kapi asks one of the two event APIs, because the server shows the same events in both.

--for shows the events of one object, by kind, API group and name, also after the object was deleted. Events of a cluster-scoped
object, such as a node, are in the namespace default: kapi looks there unless you give -n or -A.

-w prints the events that exist and then each new or repeated one until you stop it (Ctrl-C, exit 130). It reconnects like kapi
watch. Events that the server deletes after their time (an hour by default) are not shown.`,
  group: 'read',
  isMinor: true,
  arguments: [],
  flags: [
    {
      name: 'for',
      value: 'TYPE/NAME',
      description: 'only events of this object',
      completes: 'target',
    },
    {
      name: 'types',
      value: 'TYPE[,TYPE]',
      repeated: 'joined',
      description: 'only events of these types; Normal or Warning',
      completes: ['Normal', 'Warning'],
    },
    { name: 'all-namespaces', short: 'A', description: 'events of all namespaces' },
    { name: 'watch', short: 'w', description: 'print the events, then each new or repeated one' },
    outputFlag,
    {
      name: 'chunk-size',
      value: 'N',
      description: 'events in one request; 0 requests all at once',
      rare: true,
      default: '500, then up to 2000',
      completes: 'nothing',
    },
    { name: 'no-headers', description: 'print no header line' },
    { name: 'show-managed-fields', description: 'keep metadata.managedFields in json and yaml', rare: true },
    ...contextsFlags,
  ],
  examples: [
    { text: 'The events of a namespace, the newest last', command: 'kapi events -n default' },
    { text: 'What happened to a pod, as YAML', command: 'kapi events --for pod/web -o yaml' },
    { text: 'Warnings of all namespaces', command: 'kapi events -A --types Warning' },
    { text: 'Follow the events of a namespace', command: 'kapi events -n default -w', endless: true },
    {
      text: 'How often each reason occurs',
      command: 'kapi events -A -o ndjson | jq -r .reason | sort | uniq -c',
    },
  ],
  seeAlso: ['history', 'watch', 'help output'],
  parse: parseEventsOptions,
  load: async () => (await import('./run.ts')).runEvents,
});
