// kapi explain: the spec.

import { defineCommand } from '../spec.ts';
import { parseExplainOptions, type ExplainOptions } from './options.ts';

export const explainCommand = defineCommand<ExplainOptions>({
  name: 'explain',
  summary: 'documentation of a type and its fields',
  description: `Shows the documentation of a type or field from the server's OpenAPI document: kind, version, description, and its fields with
their types, required fields and enum values. It works for custom resources, too.

kapi reads only the document of the type's group, and caches it until the server's version of it changes.`,
  group: 'discover',
  arguments: [
    {
      name: 'TYPE[.FIELD...]',
      description: 'a type as in kapi list, then fields: pods.spec.containers, deploy.apps.spec.strategy',
      completes: 'field',
    },
  ],
  flags: [
    { name: 'recursive', short: 'R', description: 'also show the fields of fields; without descriptions' },
    {
      name: 'depth',
      value: 'N',
      description: 'like --recursive, but only N levels deep; also shows default values',
      completes: 'nothing',
    },
    {
      name: 'api-version',
      value: 'GROUP/VERSION',
      description: 'version of the type: autoscaling/v1, v1',
      completes: 'group-version',
    },
    {
      name: 'search',
      value: 'WORD',
      description: 'find fields by a word in their name or description; at any depth',
      completes: 'nothing',
    },
    {
      name: 'example',
      description:
        'print a manifest with the required fields; with comments from the descriptions, for kapi curl -d @- (with -o json: without comments)',
    },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description:
        'output format; json and yaml print the schema with its references resolved, or the fields found by --search',
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
    { text: 'The fields that match a word', command: 'kapi explain pod --search gracePeriod' },
    { text: 'A manifest to begin with', command: 'kapi explain cronjob --example' },
    { text: 'A type in another version', command: 'kapi explain hpa --api-version autoscaling/v1' },
    {
      text: 'The schema as JSON, for a program',
      command: 'kapi explain cronjob.spec -o json | jq .required',
    },
  ],
  seeAlso: ['resources', 'get'],
  parse: parseExplainOptions,
  load: async () => (await import('./run.ts')).runExplain,
});
