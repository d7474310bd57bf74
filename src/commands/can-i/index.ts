// kapi can-i: the spec.

import { contextsFlags } from '../contexts-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseCanIOptions, type CanIOptions } from './options.ts';

export const canICommand = defineCommand<CanIOptions>({
  name: 'can-i',
  summary: 'whether you may do something, or all your rights',
  description: `Asks the server whether you may do something. Prints yes and exits 0, or no and exits 1. Other codes mean that kapi could not
ask (kapi help exit-codes). Verbs and types separated by commas give a table.

pods/exec is the subresource if the server has one with this name, otherwise an object with this name; stderr says which one
kapi checked. A path of objects (/api/v1/nodes) is checked as these objects, as the server does. create and deletecollection are
checked without a name.

-f reads questions from a file or from standard input (-), one on each line: the arguments of this command and the flags -n, -A,
-l, --field-selector and --subresource. # begins a comment. ! before a question expects the answer no. The file can also be a JSON
or YAML list of such lines, or of objects with verb, resource (or path), group, subresource, name, namespace, labelSelector,
fieldSelector and expect. Exits 0 if every answer is as expected, otherwise 1.`,
  group: 'identity',
  arguments: [
    {
      name: 'VERB',
      description: 'get, list, create, …; separate several with commas',
      optional: true,
      completes: 'verb',
    },
    {
      name: 'TYPE[/SUBRESOURCE]|/PATH',
      description: 'a type or a path such as /metrics; separate several types with commas',
      optional: true,
      completes: 'right',
    },
    { name: 'NAME', description: 'only this object', optional: true, completes: 'name' },
  ],
  flags: [
    { name: 'list', description: 'list all your rights in the namespace' },
    { name: 'all-namespaces', short: 'A', description: 'check all namespaces at once' },
    {
      name: 'subresource',
      value: 'NAME',
      description: 'check this subresource; TYPE/NAME then names an object',
      completes: 'subresource',
    },
    {
      name: 'selector',
      short: 'l',
      value: 'SELECTOR',
      repeated: 'joined',
      description: 'check only objects with these labels; for list, watch and deletecollection',
      completes: 'label-selector',
    },
    {
      name: 'field-selector',
      value: 'SELECTOR',
      repeated: 'joined',
      description:
        'check only objects with these fields; authorizers that know no selectors check all objects',
      completes: 'field-selector',
    },
    {
      name: 'filename',
      short: 'f',
      value: 'FILE',
      repeated: 'all',
      description: 'read questions from FILE, - for standard input; can be repeated',
      completes: 'file',
    },
    { name: 'quiet', short: 'q', description: 'print nothing; only set the exit code' },
    {
      name: 'why',
      description: "print the server's reason; also the bindings that grant the right, if you can read them",
    },
    {
      name: 'strict',
      description:
        'exit 2 instead of a warning; for a type or verb that does not exist (always with -f), and for a name that the server does not check',
    },
    { name: 'no-headers', description: 'print no header line' },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'text, json, yaml or ndjson; the last three print the reviews from the server',
      default: 'text',
      choices: ['text', 'json', 'yaml', 'ndjson'],
    },
    ...contextsFlags,
  ],
  examples: [
    { text: 'One question', command: 'kapi can-i list pods' },
    { text: 'A subresource', command: 'kapi can-i create pods/exec -n dev' },
    {
      text: 'One object, as another user; exit 1 means no',
      command: 'kapi can-i get secret db --as jane',
      exitCode: 1,
    },
    { text: 'A path', command: 'kapi can-i get /metrics' },
    { text: 'A table', command: 'kapi can-i get,list,delete pods,deploy,secrets' },
    { text: 'All rights in a namespace', command: 'kapi can-i --list -n dev' },
    {
      text: 'Many questions in CI (kapi help access)',
      command: 'kapi can-i -f rights.txt -o ndjson',
      needs: ['rights.txt'],
    },
    { text: 'The bindings that grant a right', command: 'kapi can-i list pods -n dev --as jane --why' },
    {
      text: 'The missing role, ready to apply',
      command: 'kapi can-i delete pods --as jane --suggest-rbac',
      exitCode: 1,
    },
  ],
  seeAlso: ['whoami', 'help access'],
  parse: parseCanIOptions,
  load: async () => (await import('./run.ts')).runCanI,
});
