// kapi diff: the spec.

import { contextsFlag } from '../contexts-flags.ts';
import { readFlags } from '../read-flags.ts';
import { defineCommand } from '../spec.ts';
import { parseDiffOptions, type DiffOptions } from './options.ts';

/** Flags of `list` that select objects. */
const selecting = new Set(['all-namespaces', 'selector', 'field-selector', 'show-managed-fields', 'quiet']);

export const diffCommand = defineCommand<DiffOptions>({
  name: 'diff',
  summary: 'a file against the server, two contexts or two moments',
  description: `Compares objects:

  -f FILE              the live objects with what kubectl apply would make of the file, by a dry run on the server
  --contexts A,B       objects or whole lists of two contexts
  --at MOMENT          objects or whole lists at a moment with those of now; --at A --at B compares two moments

Prints a unified diff of the YAML. Exits 0 if nothing differs, 1 if something differs, and otherwise as all commands do.
The output leaves out status and the fields that the server sets (uid, resourceVersion, creationTimestamp, generation, selfLink,
managedFields) and the annotation of kubectl apply; --all-fields compares them too. kapi shows the keys of Secrets, not their values.

A dry run changes nothing, and needs the same rights as kubectl apply. Without these rights, kapi itself merges the fields of the file with the live object, without the defaults of the server, and says so on stderr.`,
  group: 'read',
  isMinor: true,
  arguments: [
    {
      name: 'TYPE[,TYPE...]',
      description: 'resource types, or TYPE/NAME; none with -f',
      optional: true,
      completes: 'target',
    },
    { name: 'NAME', description: 'names of objects', optional: true, variadic: true, completes: 'name' },
  ],
  flags: [
    {
      name: 'filename',
      short: 'f',
      value: 'FILE',
      repeated: 'all',
      description: 'objects as YAML or JSON: a file, a directory or -; several documents are allowed',
      completes: 'file',
    },
    { name: 'recursive', short: 'R', description: 'with -f DIRECTORY: also its subdirectories', rare: true },
    {
      ...contextsFlag,
      value: 'A,B',
      description:
        "compare these two contexts; globs that match two are allowed: 'prod-*' (kapi help clusters)",
    },
    {
      name: 'at',
      value: 'VERSION|DURATION',
      repeated: 'all',
      description:
        'compare this moment with now; a resourceVersion, or a time ago such as 5m. Twice: two moments',
      completes: 'nothing',
    },
    ...readFlags.filter(({ name }) => selecting.has(name)),
    {
      name: 'all-fields',
      description: 'also compare status and the fields that the server sets',
    },
    {
      name: 'server-side',
      description: 'with -f: as kubectl apply --server-side',
    },
    {
      name: 'field-manager',
      value: 'NAME',
      description: 'with -f: the name of the dry run as a field manager',
      rare: true,
      default: 'that of kubectl apply',
      completes: 'nothing',
    },
    {
      name: 'force-conflicts',
      description: 'with --server-side: take over the fields of other managers',
      rare: true,
    },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      repeated: 'last',
      description: 'diff, name, json, yaml or ndjson',
      default: 'diff',
      choices: ['diff', 'name', 'json', 'yaml', 'ndjson'],
    },
  ],
  examples: [
    {
      text: 'What kubectl apply would change',
      command: 'kapi diff -f web.yaml',
      needs: ['web.yaml'],
      exitCode: 1,
    },
    {
      text: 'Two clusters',
      command: 'kapi diff storageclasses --contexts staging,production',
      needs: ['staging'],
    },
    { text: 'What changed in the last second', command: 'kapi diff cm -n default --at 1s' },
    {
      text: 'The names of what differs',
      command: 'kapi diff -f web.yaml -o name',
      needs: ['web.yaml'],
      exitCode: 1,
    },
  ],
  comparesContexts: true,
  seeAlso: ['get', 'history', 'help exit-codes', 'help clusters'],
  parse: parseDiffOptions,
  load: async () => (await import('./run.ts')).runDiff,
});
