// kapi can-i: the spec.

import { defineCommand } from '../spec.ts';
import { parseCanIOptions, type CanIOptions } from './options.ts';

export const canICommand = defineCommand<CanIOptions>({
  name: 'can-i',
  summary: 'whether you may do something, or all that you may do',
  description: `Asks the server whether it would let you. Prints yes or no and exits 0 or 1; other codes mean that the question could not
be asked (kapi help exit-codes). pods/exec is the subresource where the server has one of that name, otherwise an object of that
name, and stderr says which was asked. A path that names objects (/api/v1/nodes) is asked about as these objects, which is what the
server checks; create and deletecollection are asked without a name. Verbs and types separated by commas are asked all at once and answered with a table.

-f reads questions from a file or from standard input (-): one a line as on this command line with its -n, -A and --subresource,
a # begins a comment, a ! before the question means that the answer must be no. Or a JSON or YAML list of such lines or of objects
with verb, resource (or path), group, subresource, name, namespace, expect. Exits 0 when every answer is as expected, else 1.`,
  group: 'identity',
  arguments: [
    {
      name: 'VERB',
      description: 'get, list, create, …; several separated by commas',
      optional: true,
      completes: 'verb',
    },
    {
      name: 'TYPE[/SUBRESOURCE]|/PATH',
      description: 'a type, several separated by commas, or a path such as /metrics',
      optional: true,
      completes: 'right',
    },
    { name: 'NAME', description: 'only this object', optional: true, completes: 'name' },
  ],
  flags: [
    { name: 'list', description: 'everything you may do in the namespace' },
    { name: 'all-namespaces', short: 'A', description: 'in all namespaces at once' },
    {
      name: 'subresource',
      value: 'NAME',
      description: 'this subresource; what follows a slash is a name then',
      completes: 'subresource',
    },
    {
      name: 'filename',
      short: 'f',
      value: 'FILE',
      repeated: 'all',
      description: 'read questions from this file, - for standard input; may be repeated',
      completes: 'file',
    },
    { name: 'quiet', short: 'q', description: 'print nothing, only exit' },
    {
      name: 'why',
      description: "the server's reason, and the bindings that grant it where they may be read",
    },
    {
      name: 'strict',
      description:
        'exit 2 instead of a warning: for a type or verb that does not exist (always so with -f), and for a name that the server does not check',
    },
    { name: 'no-headers', description: 'no header line' },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'text, json, yaml or ndjson (the reviews as the server answered them)',
      default: 'text',
      choices: ['text', 'json', 'yaml', 'ndjson'],
    },
  ],
  examples: [
    { text: 'One question', command: 'kapi can-i list pods' },
    { text: 'A subresource', command: 'kapi can-i create pods/exec -n dev' },
    {
      text: 'One object, as someone else; a no ends with 1',
      command: 'kapi can-i get secret db --as jane',
      exitCode: 1,
    },
    { text: 'A path', command: 'kapi can-i get /metrics' },
    { text: 'A table', command: 'kapi can-i get,list,delete pods,deploy,secrets' },
    { text: 'Everything', command: 'kapi can-i --list -n dev' },
    {
      text: 'In CI, many questions (kapi help access)',
      command: 'kapi can-i -f rights.txt -o ndjson',
      needs: ['rights.txt'],
    },
    { text: 'Where a right comes from', command: 'kapi can-i list pods -n dev --as jane --why' },
    {
      text: 'The role that is missing, to apply',
      command: 'kapi can-i delete pods --as jane --suggest-rbac',
      exitCode: 1,
    },
  ],
  seeAlso: ['whoami', 'help access'],
  parse: parseCanIOptions,
  load: async () => (await import('./run.ts')).runCanI,
});
