// kapi explain: the spec.

import { defineCommand } from '../spec.ts';
import { parseExplainOptions, type ExplainOptions } from './options.ts';

export const explainCommand = defineCommand<ExplainOptions>({
  name: 'explain',
  summary: 'documentation of a type and its fields',
  description: `Shows what the server's OpenAPI document says of a type or of one of its
fields: kind, version, description, and the fields below with their types,
what is required, and the values that an enum allows. Custom resources are
types like any other. Only the document of the type's group is read, and it
is kept on disk until the server has another one.`,
  group: 'discover',
  arguments: [
    {
      name: 'TYPE[.FIELD...]',
      description:
        'a type as kapi list takes it, then fields: pods.spec.containers, deploy.apps.spec.strategy',
      completes: 'field',
    },
  ],
  flags: [
    { name: 'recursive', short: 'R', description: 'the fields of fields too, without descriptions' },
    {
      name: 'depth',
      value: 'N',
      description: 'like --recursive, N levels deep, with defaults (kapi only)',
      completes: 'nothing',
    },
    {
      name: 'api-version',
      value: 'GROUP/VERSION',
      description: 'the type in this version: autoscaling/v1, v1',
      completes: 'group-version',
    },
    {
      name: 'search',
      value: 'WORD',
      description: 'fields at any depth whose name or description has this word (kapi only)',
      completes: 'nothing',
    },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description:
        'plaintext, or the schema with its references resolved as json or yaml; with --search the fields',
      default: 'plaintext',
      choices: ['plaintext', 'json', 'yaml', 'ndjson'],
    },
  ],
  examples: [
    { text: 'A type', command: 'kapi explain pods' },
    { text: 'One field', command: 'kapi explain deployment.spec.strategy.rollingUpdate' },
    {
      text: 'All fields of containers, two levels deep',
      command: 'kapi explain pod.spec.containers --depth 2',
    },
    { text: 'Where something can be set', command: 'kapi explain pod --search gracePeriod' },
    { text: 'A type in another version', command: 'kapi explain hpa --api-version autoscaling/v1' },
    { text: 'The schema for a program', command: 'kapi explain cronjob.spec -o json | jq .required' },
  ],
  seeAlso: ['resources', 'get'],
  parse: parseExplainOptions,
  load: async () => (await import('./run.ts')).runExplain,
});
